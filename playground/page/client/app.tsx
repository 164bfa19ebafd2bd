import type { VNode } from "preact";
import { useEffect, useMemo, useReducer } from "preact/hooks";
import { Lab } from "./lab/lab.tsx";
import { ModalLayer } from "./modal/modal-layer.tsx";
import { PeopleRail } from "./shell/people-rail.tsx";
import { Toasts } from "./shell/toasts.tsx";
import { Workspace } from "./shell/workspace.tsx";
import { type Actions, ActionsContext, DirectoryContext } from "./store/context.ts";
import { listenToFeed } from "./store/listen.ts";
import { makeDirectory } from "./store/make-directory.ts";
import { reduce } from "./store/reduce.ts";
import { sendAction } from "./store/send.ts";
import type { UiEvent, UiState } from "./store/ui-state.ts";

/** The whole page: people, Slack, and what really happens beside it. */
export function App(): VNode {
  const [state, dispatch] = useReducer<UiState | null, UiEvent>(reduce, null);
  useEffect(() => listenToFeed(dispatch), []);
  if (!state) return <p class="starting">Connecting to the playground…</p>;
  return <Page state={state} dispatch={dispatch} />;
}

function Page({ state, dispatch }: { state: UiState; dispatch: (event: UiEvent) => void }): VNode {
  const { actingAs, server } = state;
  const { users, groups, channels, botUserId } = server.slack;
  const directory = useMemo(
    () => makeDirectory({ users, groups, channels, botUserId }, actingAs),
    [users, groups, channels, botUserId, actingAs],
  );
  const actions = useMemo(() => actionsOf(actingAs, dispatch), [actingAs, dispatch]);
  const modals = server.slack.modals[actingAs] ?? [];
  useTitle(directory.users.get(actingAs)?.name ?? "");
  return (
    <ActionsContext.Provider value={actions}>
      <DirectoryContext.Provider value={directory}>
        <div class="page">
          <PeopleRail state={state} />
          <div class="slack">
            <Workspace key={actingAs} state={state} isCovered={modals.length > 0} />
            <ModalLayer key={`modal-${actingAs}`} views={modals} errors={server.slack.errors} />
            <Toasts state={state} />
          </div>
          <Lab demo={server.demo} isConnected={server.slack.connections > 0} />
        </div>
      </DirectoryContext.Provider>
    </ActionsContext.Provider>
  );
}

function actionsOf(user: string, dispatch: (event: UiEvent) => void): Actions {
  return {
    dispatch,
    act: async (action) => {
      try {
        return await sendAction({ ...action, user });
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        dispatch({ type: "toast", toast: { tone: "error", title: "That did not work", text } });
        return undefined;
      }
    },
  };
}

/** The address and the title name the person, so that two windows can be two people. */
function useTitle(name: string): void {
  useEffect(() => {
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    document.title = `${name} · Godwit playground`;
  }, [name]);
}
