import type { VNode } from "preact";
import { useEffect, useMemo, useReducer } from "preact/hooks";
import { DiscordPlace } from "./discord/discord-place.tsx";
import { Lab } from "./lab/lab.tsx";
import { PeopleRail } from "./shell/people-rail.tsx";
import { PlatformTabs, panelOf } from "./shell/platform-tabs.tsx";
import { SlackPlace } from "./slack/slack-place.tsx";
import { type Actions, ActionsContext } from "./store/context.ts";
import { listenToFeed } from "./store/listen.ts";
import { idOf, presentPlatforms, viewOf } from "./store/places.ts";
import { reduce } from "./store/reduce.ts";
import { sendAction } from "./store/send.ts";
import type { UiEvent, UiState, Visit } from "./store/ui-state.ts";
import { addressOf } from "./store/visit-address.ts";

/** The whole page: people, one place for each chat platform, and what really happens beside them. */
export function App(): VNode {
  const [state, dispatch] = useReducer<UiState | null, UiEvent>(reduce, null);
  useEffect(() => listenToFeed(dispatch), []);
  if (!state) return <p class="starting">Connecting to the playground…</p>;
  return <Page state={state} dispatch={dispatch} />;
}

function Page({ state, dispatch }: { state: UiState; dispatch: (event: UiEvent) => void }): VNode {
  const actingAs = idOf(state);
  const actions = useMemo(() => actionsOf(actingAs, dispatch), [actingAs, dispatch]);
  useAddress(state);
  const platforms = presentPlatforms(state.server);
  const views = platforms.flatMap((platform) => viewOf(state.server, platform) ?? []);
  return (
    <ActionsContext.Provider value={actions}>
      <div class={`page page-${state.tab}`}>
        <PeopleRail state={state} />
        <div class="page-chat">
          {platforms.length > 1 && <PlatformTabs state={state} platforms={platforms} />}
          <div class="page-panel" {...(platforms.length > 1 ? panelOf(state.tab) : {})}>
            <PlaceOf state={state} />
          </div>
        </div>
        <Lab
          demo={state.server.demo}
          missing={views.filter(({ isConnected }) => !isConnected).map(({ name }) => name)}
        />
      </div>
    </ActionsContext.Provider>
  );
}

function PlaceOf({ state }: { state: UiState }): VNode | null {
  const { slack, discord } = state.server;
  switch (state.tab) {
    case "slack":
      return slack && <SlackPlace state={state} slack={slack} />;
    case "discord":
      return discord && <DiscordPlace state={state} discord={discord} />;
  }
}

function actionsOf(user: string, dispatch: (event: UiEvent) => void): Actions {
  return {
    dispatch,
    send: async (path, action) => {
      try {
        return await sendAction(path, { ...action, user });
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        dispatch({ type: "toast", toast: { tone: "error", title: "That did not work", text } });
        return undefined;
      }
    },
  };
}

/** The address and the title name the person, so that two windows can be two people. */
function useAddress({ tab, person }: Visit): void {
  useEffect(() => {
    history.replaceState(null, "", addressOf({ tab, person }));
    document.title = `${person}${tab === "slack" ? "" : " in Discord"} · Godwit playground`;
  }, [tab, person]);
}
