import type { VNode } from "preact";
import { Avatar } from "../../draw/avatar.tsx";
import { Icon } from "../../draw/icon.tsx";
import { useDirectory } from "../../store/context.ts";
import { memo } from "../../store/memo.tsx";
import { clockTime, fullDate } from "../../text/format-date.ts";
import { dateOf, type Shown } from "../store/timeline.ts";
import { MessageBody } from "./message-body.tsx";
import { ThreadLink } from "./thread-link.tsx";

interface Props {
  readonly message: Shown;
  readonly isFollowUp: boolean;
  readonly isOpen: boolean;
  readonly replyCount: number;
  readonly lastReplyTs: string;
  /** User ids with blanks between them, so that the row is drawn again only when one is new. */
  readonly faces: string;
  readonly isThreadUnread: boolean;
  readonly onOpenThread?: ((ts: string) => void) | undefined;
}

/** One message. */
export const MessageRow = memo<Props>((props) => {
  const { message, isFollowUp, onOpenThread } = props;
  const isEphemeral = "ephemeralFor" in message;
  return (
    <article
      class={classOf(props)}
      data-ts={message.ts}
      aria-label={`Message at ${clockTime(dateOf(message.ts))}`}
    >
      {isEphemeral && <OnlyYou />}
      {message.isBroadcast && <div class="message-note">also sent to the channel from a thread</div>}
      <div class="message-side">
        {isFollowUp ? <TimeOf ts={message.ts} /> : <Avatar userId={message.userId} />}
      </div>
      <div class="message-main">
        {!isFollowUp && <MessageHeader message={message} />}
        <MessageBody message={message} />
        {props.replyCount > 0 && onOpenThread && (
          <ThreadLink {...props} onOpen={() => onOpenThread(message.ts)} />
        )}
      </div>
      {onOpenThread && !isEphemeral && <Tools onReply={() => onOpenThread(message.threadTs ?? message.ts)} />}
    </article>
  );
});

function classOf({ message, isFollowUp, isOpen }: Props): string {
  const marks = [
    isOpen ? "message-open" : "",
    isFollowUp ? "message-follow-up" : "",
    "ephemeralFor" in message ? "message-ephemeral" : "",
  ];
  return ["message", ...marks].join(" ");
}

function Tools({ onReply }: { onReply: () => void }): VNode {
  return (
    <div class="message-tools">
      <button
        type="button"
        class="icon-button"
        aria-label="Reply in thread"
        title="Reply in thread"
        onClick={onReply}
      >
        <Icon name="thread" size={18} />
      </button>
    </div>
  );
}

function OnlyYou(): VNode {
  return (
    <div class="message-note">
      <Icon name="eye" size={14} /> Only visible to you
    </div>
  );
}

function MessageHeader({ message }: { message: Shown }): VNode {
  const person = useDirectory().users.get(message.userId);
  return (
    <div class="message-header">
      <span class="message-author">{person?.displayName ?? message.userId}</span>
      {person?.isBot === true && <span class="app-mark">APP</span>}
      <TimeOf ts={message.ts} />
    </div>
  );
}

function TimeOf({ ts }: { ts: string }): VNode {
  const date = dateOf(ts);
  return (
    <time class="message-time" dateTime={date.toISOString()} title={fullDate(date)}>
      {clockTime(date)}
    </time>
  );
}
