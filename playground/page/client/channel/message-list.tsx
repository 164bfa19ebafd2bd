import { type ComponentChildren, Fragment, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../draw/icon.tsx";
import { useActions, useDirectory } from "../store/context.ts";
import { type Row, type Shown, type ThreadSummary, toRows } from "../store/timeline.ts";
import type { UiState } from "../store/ui-state.ts";
import { isThreadUnread, placeKey, readKey } from "../store/unread.ts";
import { dayName } from "../text/format-date.ts";
import { MessageRow } from "./message-row.tsx";
import { useStickyScroll } from "./use-sticky-scroll.ts";

export interface ListPlace {
  readonly channelId: string;
  readonly threadTs?: string;
}

interface Props {
  readonly state: UiState;
  readonly place: ListPlace;
  readonly messages: readonly Shown[];
  readonly intro?: ComponentChildren;
  /** Left out inside a thread. */
  readonly summaries?: ReadonlyMap<string, ThreadSummary>;
  readonly openThreadTs?: string | undefined;
  readonly onOpenThread?: (ts: string) => void;
}

/** Messages from old to new. It follows the newest as long as the reader is at the end. */
export function MessageList(props: Props): VNode {
  const { state, place, messages, intro } = props;
  const key = placeKey(place.channelId, place.threadTs);
  const [readBefore] = useState(state.reads[readKey(state.actingAs, key)] ?? "");
  const rows = toRows(messages);
  const firstNew = rows.find(({ message }) => isNewsAfter(message, readBefore, state.actingAs));
  const { scroller, isAtEnd, goToEnd } = useStickyScroll();
  useMarkRead(key, isAtEnd ? messages.at(-1)?.ts : undefined);
  useOwnMessage(messages.at(-1), goToEnd);
  return (
    <div class="list-frame">
      <div class="list" ref={scroller} tabIndex={0} role="log" aria-label="Messages">
        <div class="list-content">
          {intro}
          {rows.map((row, index) => (
            <Fragment key={row.message.ts}>
              {row.day && place.threadTs === undefined && <DayLine day={row.day} />}
              {readBefore !== "" && row === firstNew && <NewLine />}
              <RowOf {...props} row={row} />
              {index === 0 && place.threadTs !== undefined && <RepliesLine count={rows.length - 1} />}
            </Fragment>
          ))}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" class="jump" onClick={goToEnd}>
          <Icon name="down" size={14} /> Newest messages
        </button>
      )}
    </div>
  );
}

function RowOf({ state, summaries, row, openThreadTs, onOpenThread, place }: Props & { row: Row }): VNode {
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

function useMarkRead(key: string, ts: string | undefined): void {
  const { dispatch } = useActions();
  useEffect(() => {
    if (ts !== undefined) dispatch({ type: "read", key, ts });
  }, [key, ts]);
}

/** What a person wrote, or asked for, is not news to them. */
function isNewsAfter(message: Shown, readTs: string, meId: string): boolean {
  return message.ts > readTs && message.userId !== meId && !("ephemeralFor" in message);
}

/** Whoever writes wants to see it. */
function useOwnMessage(last: Shown | undefined, goToEnd: () => void): void {
  const { meId } = useDirectory();
  const isOwn = last !== undefined && (last.userId === meId || "ephemeralFor" in last);
  useEffect(() => {
    if (isOwn) goToEnd();
  }, [last?.ts, isOwn]);
}

function DayLine({ day }: { day: Date }): VNode {
  return (
    <div class="day" role="separator">
      <span>{dayName(day, { now: new Date() })}</span>
    </div>
  );
}

function NewLine(): VNode {
  return (
    <div class="new-line" role="separator">
      <span>New</span>
    </div>
  );
}

function RepliesLine({ count }: { count: number }): VNode {
  return (
    <div class="replies-line" role="separator">
      <span>{count === 0 ? "No replies yet" : `${count} ${count === 1 ? "reply" : "replies"}`}</span>
    </div>
  );
}
