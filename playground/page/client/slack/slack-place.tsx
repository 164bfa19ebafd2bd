import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Snapshot } from "../../../slack/index.ts";
import { Toasts } from "../shell/toasts.tsx";
import { DirectoryContext } from "../store/context.ts";
import type { UiState } from "../store/ui-state.ts";
import { ModalLayer } from "./modal/modal-layer.tsx";
import { Workspace } from "./shell/workspace.tsx";
import { makeDirectory } from "./store/make-directory.ts";
import { slackStateOf } from "./store/slack-state.ts";

/** One person's Slack. */
export function SlackPlace({ state, slack }: { state: UiState; slack: Snapshot }): VNode {
  const slackState = slackStateOf(state, slack);
  const { actingAs } = slackState;
  const { users, groups, channels, botUserId } = slack;
  const directory = useMemo(
    () => makeDirectory({ users, groups, channels, botUserId }, actingAs),
    [users, groups, channels, botUserId, actingAs],
  );
  const modals = slack.modals[actingAs] ?? [];
  return (
    <DirectoryContext.Provider value={directory}>
      <div class="place-frame slack">
        <Workspace key={actingAs} state={slackState} isCovered={modals.length > 0} />
        <ModalLayer key={`modal-${actingAs}`} views={modals} errors={slack.errors} />
        <Toasts state={state} />
      </div>
    </DirectoryContext.Provider>
  );
}
