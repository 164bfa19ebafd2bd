import type { VNode } from "preact";
import { Avatar } from "../../draw/avatar.tsx";
import { Icon } from "../../draw/icon.tsx";
import { useActions } from "../../store/context.ts";
import { memo } from "../../store/memo.tsx";
import { clockTime, fullDate } from "../../text/format-date.ts";
import type { Message, Shown } from "../store/timeline.ts";
import { Author, TimeOf } from "./author.tsx";
import { MessageBody } from "./message-body.tsx";
import { OriginLine } from "./origin-line.tsx";

interface Props {
  readonly message: Shown;
  readonly isFollowUp: boolean;
  /** Whether it called the reader. */
  readonly isForMe: boolean;
  /** Whether the last thing that the reader pressed in it was not answered. */
  readonly hasFailed: boolean;
  /** The message it answers. */
  readonly referenced: Message | undefined;
}

/** One message. */
export const MessageRow = memo<Props>((props) => {
  const { message, isFollowUp, hasFailed, referenced } = props;
  const date = new Date(message.createdAtMs);
  return (
    <article class={classOf(props)} data-id={message.id} aria-label={`Message at ${clockTime(date)}`}>
      <OriginLine message={message} referenced={referenced} />
      <div class="dc-side">
        {isFollowUp ? (
          <time class="dc-side-time" dateTime={date.toISOString()} title={fullDate(date)}>
            {clockTime(date)}
          </time>
        ) : (
          <Avatar userId={message.authorId} size={40} />
        )}
      </div>
      <div class="dc-main">
        {!isFollowUp && (
          <div class="dc-message-header">
            <Author userId={message.authorId} />
            <TimeOf date={date} />
          </div>
        )}
        <MessageBody message={message} />
        {hasFailed && (
          <p class="dc-failed" role="alert">
            <Icon name="alert" size={14} /> This interaction failed
          </p>
        )}
        {"ephemeralFor" in message && <OnlyYou id={message.id} />}
      </div>
    </article>
  );
});

function classOf({ message, isFollowUp, isForMe }: Props): string {
  const marks = [
    isFollowUp ? "dc-follow-up" : "",
    isForMe ? "dc-for-me" : "",
    "ephemeralFor" in message ? "dc-ephemeral" : "",
  ];
  return ["dc-message", ...marks].join(" ");
}

/** Whom the answer is for, and how to put it out of sight; nobody else hears of that. */
export function OnlyYou({ id }: { id: string }): VNode {
  const { dispatch } = useActions();
  return (
    <div class="dc-only-you">
      <Icon name="eye" size={14} /> Only you can see this •{" "}
      <button type="button" class="dc-dismiss" onClick={() => dispatch({ type: "put-away", id })}>
        Dismiss message
      </button>
    </div>
  );
}
