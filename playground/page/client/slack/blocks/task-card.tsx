import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import type { TaskCard } from "../../../../slack/blocks/block.ts";
import { Icon, type IconName, Spinner } from "../../draw/icon.tsx";
import { SafeLink } from "../../text/safe-link.tsx";
import { TextBlocks } from "../../text/text-blocks.tsx";
import { fromRichText } from "../text/from-rich-text.ts";
import { wordOfTask } from "./task-words.ts";

const signs = { pending: "circle", complete: "check", error: "cross" } as const satisfies Record<
  string,
  IconName
>;

/** One task: its state as a sign and a word, its title, and details that fold away. */
export function TaskCardView({ task }: { task: TaskCard }): VNode {
  const id = useId();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const hasMore = task.details !== undefined || task.output !== undefined || task.sources !== undefined;
  const isOpen = chosen ?? task.status !== "pending";
  return (
    <li class={`task task-${task.status}`}>
      <button
        type="button"
        class="task-title"
        disabled={!hasMore}
        aria-expanded={hasMore ? isOpen : undefined}
        aria-controls={hasMore ? `${id}-more` : undefined}
        onClick={() => setChosen(!isOpen)}
      >
        <TaskSign status={task.status} />
        <span class="task-name">{task.title}</span>
        <span class="task-word">{wordOfTask(task)}</span>
        {hasMore && <Icon name="chevron" size={12} />}
      </button>
      {hasMore && (
        <div class="task-more" id={`${id}-more`} hidden={!isOpen}>
          <TaskMore task={task} />
        </div>
      )}
    </li>
  );
}

function TaskMore({ task }: { task: TaskCard }): VNode {
  return (
    <>
      {task.details && <TextBlocks blocks={fromRichText(task.details)} />}
      {task.output && <TextBlocks blocks={fromRichText(task.output)} />}
      {task.sources?.map(({ url, text }) => (
        <div key={url}>
          <SafeLink url={url}>{text}</SafeLink>
        </div>
      ))}
    </>
  );
}

export function TaskSign({ status }: { status: TaskCard["status"] }): VNode {
  return (
    <span class={`task-sign task-sign-${status}`}>
      {status === "in_progress" ? (
        <Spinner size={16} />
      ) : (
        <Icon name={signs[status]} size={status === "pending" ? 19 : 14} />
      )}
    </span>
  );
}
