import type { ComponentChildren, VNode } from "preact";
import { type ListEntry, ScrollList } from "../../channel/scroll-list.tsx";
import { useActions } from "../../store/context.ts";
import type { Row } from "../../store/rows.ts";
import type { DiscordState } from "../store/discord-state.ts";
import {
  discordRows,
  type Item,
  idOfItem,
  lastPress,
  type Message,
  type Shown,
  threadSummary,
} from "../store/timeline.ts";
import { AttemptRow } from "./attempt-row.tsx";
import { MessageRow } from "./message-row.tsx";
import { ThreadCard } from "./thread-card.tsx";

interface Props {
  readonly state: DiscordState;
  /** Of the channel or thread. */
  readonly channelId: string;
  readonly items: readonly Item[];
  readonly intro?: ComponentChildren;
}

/** The messages of a channel or of a thread. */
export function MessageList({ state, channelId, items, intro }: Props): VNode {
  const entries = discordRows(items).map((row) => entryOf(state, row));
  return <ScrollList reads={state.reads} place={channelId} entries={entries} intro={intro} />;
}

function entryOf(state: DiscordState, row: Row<Item>): ListEntry {
  const item = row.message;
  const shared = { id: idOfItem(item), day: row.day };
  if (item.kind === "attempt") {
    return { ...shared, isNews: false, node: <AttemptRow interaction={item.interaction} /> };
  }
  const { message } = item;
  const isNews = message.authorId !== state.actingAs && !("ephemeralFor" in message);
  return { ...shared, isNews, node: <RowOf state={state} message={message} isFollowUp={row.isFollowUp} /> };
}

interface RowProps {
  readonly state: DiscordState;
  readonly message: Shown;
  readonly isFollowUp: boolean;
}

function RowOf({ state, message, isFollowUp }: RowProps): VNode {
  const { discord, actingAs } = state;
  const press = lastPress(state, message.id);
  return (
    <>
      <MessageRow
        message={message}
        isFollowUp={isFollowUp}
        isForMe={discord.notifications.some(
          ({ userId, messageId }) => userId === actingAs && messageId === message.id,
        )}
        hasFailed={press?.state === "failed"}
        referenced={referencedBy(state, message)}
      />
      <CardOf state={state} message={message} />
    </>
  );
}

function referencedBy({ discord }: DiscordState, { referencedId }: Shown): Message | undefined {
  return referencedId === null ? undefined : discord.messages.find(({ id }) => id === referencedId);
}

/** Inside its own thread, a message has no card. */
function CardOf({ state, message }: Pick<RowProps, "state" | "message">): VNode | null {
  const { dispatch } = useActions();
  const summary = message.threadId === null ? undefined : threadSummary(state.discord, message.threadId);
  if (!summary) return null;
  const isOpen = state.screen.thread?.id === summary.id;
  const thread = { channelId: message.channelId, id: summary.id };
  return (
    <ThreadCard summary={summary} isOpen={isOpen} onOpen={() => dispatch({ type: "open-thread", thread })} />
  );
}
