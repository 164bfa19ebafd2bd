import type { VNode } from "preact";
import { Avatar } from "../../draw/avatar.tsx";
import { dayAndTime } from "../../text/format-date.ts";
import { dateOf } from "../store/timeline.ts";

interface Props {
  readonly replyCount: number;
  readonly lastReplyTs: string;
  readonly faces: string;
  readonly isThreadUnread: boolean;
  readonly onOpen: () => void;
}

/** The way from a message into its thread. */
export function ThreadLink({ replyCount, lastReplyTs, faces, isThreadUnread, onOpen }: Props): VNode {
  return (
    <button type="button" class="thread-link" onClick={onOpen}>
      <span class="thread-faces">
        {faces.split(" ").map((id) => (
          <Avatar key={id} userId={id} size={24} />
        ))}
      </span>
      <span class="thread-count">
        {replyCount} {replyCount === 1 ? "reply" : "replies"}
      </span>
      {isThreadUnread && <span class="thread-new">new</span>}
      <span class="thread-last">Last reply {dayAndTime(dateOf(lastReplyTs), { now: new Date() })}</span>
    </button>
  );
}
