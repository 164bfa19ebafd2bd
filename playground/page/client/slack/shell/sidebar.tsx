import type { ComponentChildren, VNode } from "preact";
import { GodwitPicture } from "../../draw/godwit-picture.tsx";
import { Icon, type IconName } from "../../draw/icon.tsx";
import { useActions } from "../../store/context.ts";
import type { Place } from "../../store/ui-state.ts";
import type { SlackState } from "../store/slack-state.ts";
import { unreadOf } from "../store/unread.ts";

/** Channels of the person, what called them, and the app. */
export function Sidebar({ state }: { state: SlackState }): VNode {
  const { slack } = state;
  const unread = unreadOf(slack, state.reads, state.actingAs);
  const channels = slack.channels.filter(
    ({ kind, members }) => kind !== "im" && members.includes(state.actingAs),
  );
  return (
    <nav class="sidebar" aria-label="Channels">
      <div class="sidebar-workspace">{state.settings.workspace}</div>
      <div class="sidebar-list">
        <Entry state={state} place={{ kind: "activity" }} icon="bell" badge={unread.mentionCount}>
          Activity
        </Entry>
        <h2 class="sidebar-heading">Channels</h2>
        {channels.map(({ id, name, kind }) => (
          <Entry
            key={id}
            state={state}
            place={{ kind: "channel", channelId: id }}
            icon={kind === "private" ? "lock" : "hash"}
            badge={unread.mentions[id] ?? 0}
            isUnread={unread.channels.has(id)}
          >
            {name}
          </Entry>
        ))}
        <h2 class="sidebar-heading">Apps</h2>
        <Entry state={state} place={{ kind: "app" }} badge={appMentions(state, unread.mentions)}>
          <GodwitPicture size={18} />
          Godwit
          <Presence isConnected={slack.connections > 0} />
        </Entry>
      </div>
    </nav>
  );
}

function appMentions({ slack }: SlackState, mentions: Readonly<Record<string, number>>): number {
  const direct = slack.channels.filter(({ kind }) => kind === "im");
  return direct.reduce((sum, { id }) => sum + (mentions[id] ?? 0), 0);
}

interface EntryProps {
  readonly state: SlackState;
  readonly place: Place;
  readonly icon?: IconName;
  readonly badge: number;
  readonly isUnread?: boolean;
  readonly children: ComponentChildren;
}

function Entry({ state, place, icon, badge, isUnread = false, children }: EntryProps): VNode {
  const { dispatch } = useActions();
  const isHere = isSame(state.screen.place, place);
  const classes = [
    "sidebar-entry",
    isHere ? "sidebar-here" : "",
    isUnread && !isHere ? "sidebar-unread" : "",
  ];
  return (
    <button
      type="button"
      class={classes.join(" ")}
      aria-current={isHere ? "page" : undefined}
      onClick={() => dispatch({ type: "go", place })}
    >
      {icon && <Icon name={icon} />}
      <span class="sidebar-name">{children}</span>
      {isUnread && !isHere && <span class="visually-hidden">, unread</span>}
      {badge > 0 && (
        <span class="badge">
          {badge}
          <span class="visually-hidden"> mentions</span>
        </span>
      )}
    </button>
  );
}

function Presence({ isConnected }: { isConnected: boolean }): VNode {
  return (
    <span
      class={isConnected ? "presence presence-on" : "presence"}
      title={isConnected ? "Connected" : "Not connected"}
    >
      <span class="visually-hidden">{isConnected ? ", connected" : ", not connected"}</span>
    </span>
  );
}

function isSame(left: Place, right: Place): boolean {
  if (left.kind !== "channel" || right.kind !== "channel") return left.kind === right.kind;
  return left.channelId === right.channelId;
}
