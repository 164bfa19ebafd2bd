import type { TaskCard } from "../../../../slack/blocks/block.ts";

/** A task's state in words; its sign never stands alone. */
export const taskWords: Readonly<Record<TaskCard["status"], string>> = {
  pending: "Pending",
  in_progress: "In progress",
  complete: "Done",
  error: "Failed",
};

const LONGEST_WORD = 20;

/** Slack knows four states; short details of a task that waits say what became of it, such as `Taken back`. */
export function wordOfTask({ status, details }: Pick<TaskCard, "status" | "details">): string {
  const own = status === "pending" ? textOf(details) : "";
  return own !== "" && own.length <= LONGEST_WORD ? own : taskWords[status];
}

function textOf(details: TaskCard["details"]): string {
  const pieces = details?.elements.flatMap((part) =>
    part.type === "rich_text_section" ? part.elements : [],
  );
  return (pieces ?? []).map((piece) => (piece.type === "text" ? piece.text : "")).join("");
}

/** The state of a whole plan: a failure counts first, then what is under way. */
function planStatus(tasks: readonly Pick<TaskCard, "status">[]): TaskCard["status"] {
  const has = (status: TaskCard["status"]): boolean => tasks.some((task) => task.status === status);
  if (has("error")) return "error";
  if (has("in_progress")) return "in_progress";
  if (!has("pending") && tasks.length > 0) return "complete";
  return has("complete") ? "in_progress" : "pending";
}

export interface PlanProgress {
  readonly status: TaskCard["status"];
  readonly done: number;
  readonly total: number;
}

export function planProgress(tasks: readonly Pick<TaskCard, "status">[]): PlanProgress {
  const done = tasks.filter(({ status }) => status === "complete").length;
  return { status: planStatus(tasks), done, total: tasks.length };
}
