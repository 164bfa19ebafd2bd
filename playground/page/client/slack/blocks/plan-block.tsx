import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import type { Block } from "../../../../slack/blocks/block.ts";
import { Icon } from "../../draw/icon.tsx";
import { TaskCardView, TaskSign } from "./task-card.tsx";
import { type PlanProgress, planProgress, taskWords } from "./task-words.ts";

/** A list of tasks with a title that tells how far it is; closes and opens. */
export function PlanBlock({ block }: { block: Extract<Block, { type: "plan" }> }): VNode {
  const id = useId();
  const [isOpen, setOpen] = useState(true);
  const tasks = block.tasks ?? [];
  const progress = planProgress(tasks);
  return (
    <div class="block plan">
      <button
        type="button"
        class="plan-title"
        aria-expanded={isOpen}
        aria-controls={`${id}-tasks`}
        onClick={() => setOpen(!isOpen)}
      >
        <TaskSign status={progress.status} />
        <span class="plan-name">{block.title}</span>
        <span class="plan-count">
          {progress.done} of {progress.total} done
        </span>
        <Icon name="chevron" size={14} />
      </button>
      <PlanBar progress={progress} />
      <ul class="tasks" id={`${id}-tasks`} hidden={!isOpen}>
        {tasks.map((task) => (
          <TaskCardView key={task.task_id} task={task} />
        ))}
      </ul>
    </div>
  );
}

function PlanBar({ progress: { status, done, total } }: { progress: PlanProgress }): VNode {
  const width = `${(100 * done) / Math.max(total, 1)}%`;
  return (
    <div
      class="plan-bar"
      role="progressbar"
      aria-label={taskWords[status]}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <div class={`plan-bar-done plan-bar-${status}`} style={{ width }} />
    </div>
  );
}
