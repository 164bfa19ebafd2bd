import type { VNode } from "preact";
import { Activity } from "../channel/activity.tsx";
import { AppPlace } from "../channel/app-place.tsx";
import { ChannelPlace } from "../channel/channel-place.tsx";
import { ThreadPanel } from "../channel/thread-panel.tsx";
import type { SlackState } from "../store/slack-state.ts";
import { Sidebar } from "./sidebar.tsx";

/** One person's Slack: sidebar, what is open, and a thread beside it. Out of reach while a form covers it. */
export function Workspace({ state, isCovered }: { state: SlackState; isCovered: boolean }): VNode {
  const { thread } = state.screen;
  return (
    <div class={thread ? "workspace workspace-thread coverable" : "workspace coverable"} inert={isCovered}>
      <Sidebar state={state} />
      <MainPlace state={state} />
      {thread && <ThreadPanel key={thread.id} state={state} thread={thread} />}
    </div>
  );
}

function MainPlace({ state }: { state: SlackState }): VNode {
  const { place } = state.screen;
  switch (place.kind) {
    case "channel":
      return <ChannelPlace key={place.channelId} state={state} channelId={place.channelId} />;
    case "activity":
      return <Activity state={state} />;
    case "app":
      return <AppPlace state={state} />;
  }
}
