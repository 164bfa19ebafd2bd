import type { VNode } from "preact";
import { ChannelPlace } from "../channel/channel-place.tsx";
import { ThreadPanel } from "../channel/thread-panel.tsx";
import type { DiscordState } from "../store/discord-state.ts";
import { ChannelList } from "./channel-list.tsx";
import { ServerRail } from "./server-rail.tsx";

interface Props {
  readonly state: DiscordState;
  readonly isCovered: boolean;
}

/** Servers, channels, the open channel, and a thread beside it. Out of reach while a form covers it. */
export function Workspace({ state, isCovered }: Props): VNode {
  const { place, thread } = state.screen;
  return (
    <div
      class={thread ? "dc-workspace dc-with-thread coverable" : "dc-workspace coverable"}
      inert={isCovered}
    >
      <ServerRail state={state} />
      <ChannelList state={state} />
      {place.kind === "channel" ? (
        <ChannelPlace key={place.channelId} state={state} channelId={place.channelId} />
      ) : (
        <main class="dc-place">
          <p class="empty">There is no channel here.</p>
        </main>
      )}
      {thread && <ThreadPanel key={thread.id} state={state} thread={thread} />}
    </div>
  );
}
