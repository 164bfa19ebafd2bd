import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Snapshot } from "../../../discord/index.ts";
import { Toasts } from "../shell/toasts.tsx";
import { DirectoryContext } from "../store/context.ts";
import type { UiState } from "../store/ui-state.ts";
import { ModalLayer } from "./modal/modal-layer.tsx";
import { Workspace } from "./shell/workspace.tsx";
import { discordStateOf } from "./store/discord-state.ts";
import { makeDirectory } from "./store/make-directory.ts";

/** One person's Discord. */
export function DiscordPlace({ state, discord }: { state: UiState; discord: Snapshot }): VNode {
  const discordState = discordStateOf(state, discord);
  const { actingAs } = discordState;
  const { users, roles, channels, botUserId } = discord;
  const directory = useMemo(
    () => makeDirectory({ users, roles, channels, botUserId }, actingAs),
    [users, roles, channels, botUserId, actingAs],
  );
  const modals = discord.modals[actingAs] ?? [];
  return (
    <DirectoryContext.Provider value={directory}>
      <div class="place-frame discord">
        <Workspace key={actingAs} state={discordState} isCovered={modals.length > 0} />
        <ModalLayer key={`modal-${actingAs}`} modals={modals} />
        <Toasts state={state} />
      </div>
    </DirectoryContext.Provider>
  );
}
