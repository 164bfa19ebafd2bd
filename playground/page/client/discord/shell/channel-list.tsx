import type { VNode } from "preact";
import type { Channel } from "../../../../discord/index.ts";
import { Avatar } from "../../draw/avatar.tsx";
import { Icon } from "../../draw/icon.tsx";
import { useActions, useDirectory } from "../../store/context.ts";
import type { Unread } from "../../store/reads.ts";
import type { DiscordState } from "../store/discord-state.ts";
import { sees, unreadOf } from "../store/unread.ts";

/** Channels the person sees, each with its threads below it, and who the person is. */
export function ChannelList({ state }: { state: DiscordState }): VNode {
  const { discord, reads, actingAs } = state;
  const unread = unreadOf(discord, reads, actingAs);
  const channels = discord.channels.filter(
    (channel) => channel.kind === "text" && sees(discord, channel, actingAs),
  );
  return (
    <nav class="dc-channels" aria-label="Channels">
      <div class="dc-guild">{discord.guild.name}</div>
      <div class="dc-channel-list">
        <h2 class="dc-category">Text channels</h2>
        {channels.map((channel) => (
          <div key={channel.id} class="dc-channel-group">
            <ChannelEntry state={state} channel={channel} unread={unread} />
            <Threads state={state} parent={channel} unread={unread} />
          </div>
        ))}
      </div>
      <Me />
    </nav>
  );
}

interface EntryProps {
  readonly state: DiscordState;
  readonly channel: Channel;
  readonly unread: Unread;
}

function ChannelEntry({ state, channel, unread }: EntryProps): VNode {
  const { dispatch } = useActions();
  const { place, thread } = state.screen;
  const isHere = place.kind === "channel" && place.channelId === channel.id && !thread;
  return (
    <Entry
      channel={channel}
      unread={unread}
      isHere={isHere}
      onOpen={() => dispatch({ type: "go", place: { kind: "channel", channelId: channel.id } })}
    />
  );
}

/** Archived threads leave the list, unless one is open or calls the person. */
function Threads({
  state,
  parent,
  unread,
}: {
  state: DiscordState;
  parent: Channel;
  unread: Unread;
}): VNode | null {
  const { dispatch } = useActions();
  const openId = state.screen.thread?.id;
  const threads = state.discord.channels.filter(
    ({ id, parentId, thread }) =>
      parentId === parent.id &&
      (thread?.isArchived === false || id === openId || unread.mentions[id] !== undefined),
  );
  if (threads.length === 0) return null;
  return (
    <div class="dc-threads" role="group" aria-label={`Threads of ${parent.name}`}>
      {threads.map((channel) => (
        <Entry
          key={channel.id}
          channel={channel}
          unread={unread}
          isHere={channel.id === openId}
          onOpen={() => dispatch({ type: "open-thread", thread: { channelId: parent.id, id: channel.id } })}
        />
      ))}
    </div>
  );
}

interface LineProps {
  readonly channel: Channel;
  readonly unread: Unread;
  readonly isHere: boolean;
  readonly onOpen: () => void;
}

function Entry({ channel, unread, isHere, onOpen }: LineProps): VNode {
  const badge = unread.mentions[channel.id] ?? 0;
  const isUnread = unread.channels.has(channel.id) && !isHere;
  const classes = ["dc-entry", isHere ? "dc-entry-here" : "", isUnread ? "dc-entry-unread" : ""];
  const isPrivate = channel.members !== "everyone";
  return (
    <button
      type="button"
      class={classes.join(" ")}
      aria-current={isHere ? "page" : undefined}
      onClick={onOpen}
    >
      {!channel.thread && <Icon name={isPrivate ? "lock" : "hash"} size={20} />}
      <span class="dc-entry-name">{channel.name}</span>
      {channel.thread?.isArchived === true && <Icon name="archive" size={14} />}
      {channel.thread?.isArchived === true && <span class="visually-hidden">, archived</span>}
      {isUnread && <span class="visually-hidden">, unread</span>}
      {badge > 0 && (
        <span class="badge">
          {badge}
          <span class="visually-hidden"> mentions</span>
        </span>
      )}
    </button>
  );
}

function Me(): VNode {
  const { users, meId } = useDirectory();
  const me = users.get(meId);
  return (
    <div class="dc-me">
      <span class="dc-me-picture">
        <Avatar userId={meId} size={32} />
      </span>
      <div class="dc-me-names">
        <strong>{me?.displayName}</strong>
        <span>{me?.name}</span>
      </div>
    </div>
  );
}
