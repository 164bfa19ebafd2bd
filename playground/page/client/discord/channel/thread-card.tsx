import type { VNode } from "preact";
import { Avatar } from "../../draw/avatar.tsx";
import { Icon } from "../../draw/icon.tsx";
import { dayAndTime } from "../../text/format-date.ts";
import type { Message, ThreadSummary } from "../store/timeline.ts";
import { Author } from "./author.tsx";
import { usePreview } from "./use-preview.ts";

interface Props {
  readonly summary: ThreadSummary;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

/** The way from a message into the thread that was started from it. */
export function ThreadCard({ summary, isOpen, onOpen }: Props): VNode {
  const { name, isArchived, messageCount, last } = summary;
  return (
    <div class="dc-thread-card-frame">
      <button
        type="button"
        class={isOpen ? "dc-thread-card dc-thread-card-open" : "dc-thread-card"}
        aria-label={`Open the thread ${name}`}
        onClick={onOpen}
      >
        <span class="dc-thread-card-top">
          <span class="dc-thread-card-name">{name}</span>
          <span class="dc-thread-card-count">
            {messageCount} {messageCount === 1 ? "Message" : "Messages"} ›
          </span>
        </span>
        <span class="dc-thread-card-last">
          {isArchived && (
            <span class="dc-archived">
              <Icon name="archive" size={14} /> Archived
            </span>
          )}
          {last ? <LastMessage message={last} /> : "There are no recent messages in this thread."}
        </span>
      </button>
    </div>
  );
}

function LastMessage({ message }: { message: Message }): VNode {
  const preview = usePreview(message);
  return (
    <>
      <Avatar userId={message.authorId} size={16} />
      <Author userId={message.authorId} />
      <span class="dc-thread-card-text">{preview}</span>
      <span class="dc-time">{dayAndTime(new Date(message.createdAtMs), { now: new Date() })}</span>
    </>
  );
}
