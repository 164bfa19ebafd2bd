import type { ComponentChildren, VNode } from "preact";
import { ScrollList } from "../../channel/scroll-list.tsx";
import { placeKey } from "../../store/reads.ts";
import type { Row } from "../../store/rows.ts";
import type { SlackState } from "../store/slack-state.ts";
import { type Shown, slackRows, type ThreadSummary } from "../store/timeline.ts";
import { isThreadUnread } from "../store/unread.ts";
import { MessageRow } from "./message-row.tsx";

export interface ListPlace {
  readonly channelId: string;
  readonly threadTs?: string;
}

interface Props {
  readonly state: SlackState;
  readonly place: ListPlace;
  readonly messages: readonly Shown[];
  readonly intro?: ComponentChildren;
  /** Left out inside a thread. */
  readonly summaries?: ReadonlyMap<string, ThreadSummary>;
  readonly openThreadTs?: string | undefined;
  readonly onOpenThread?: (ts: string) => void;
}

/** The messages of a channel or of a thread. */
export function MessageList(props: Props): VNode {
  const { state, place, messages, intro } = props;
  const isThread = place.threadTs !== undefined;
  const rows = slackRows(messages);
  const entries = rows.map((row, index) => ({
    id: row.message.ts,
    day: isThread ? null : row.day,
    isNews: isNews(row.message, state.actingAs),
    node: (
      <>
        <RowOf {...props} row={row} />
        {index === 0 && isThread && <RepliesLine count={rows.length - 1} />}
      </>
    ),
  }));
  const key = placeKey(place.channelId, place.threadTs);
  return <ScrollList reads={state.reads} place={key} entries={entries} intro={intro} />;
}

/** What a person wrote, or asked for, is not news to them. */
function isNews(message: Shown, meId: string): boolean {
  return message.userId !== meId && !("ephemeralFor" in message);
}

function RowOf(props: Props & { readonly row: Row<Shown> }): VNode {
  const { state, summaries, row, openThreadTs, onOpenThread, place } = props;
  const { message } = row;
  const summary = summaries?.get(message.ts);
  const isUnread =
    summary !== undefined &&
    isThreadUnread(state.reads, state.actingAs, { ...message, lastTs: summary.lastTs });
  return (
    <MessageRow
      message={message}
      isFollowUp={row.isFollowUp && place.threadTs === undefined}
      isOpen={openThreadTs === message.ts}
      replyCount={summary?.replyCount ?? 0}
      lastReplyTs={summary?.lastTs ?? ""}
      faces={summary?.userIds.join(" ") ?? ""}
      isThreadUnread={isUnread}
      onOpenThread={onOpenThread}
    />
  );
}

function RepliesLine({ count }: { count: number }): VNode {
  return (
    <div class="replies-line" role="separator">
      <span>{count === 0 ? "No replies yet" : `${count} ${count === 1 ? "reply" : "replies"}`}</span>
    </div>
  );
}
