import type { TaskCard } from "../../../slack/blocks/block.ts";

/** A task's state in words; its sign never stands alone. */
export const taskWords: Readonly<Record<TaskCard["status"], string>> = {
  pending: "Pending",
  in_progress: "In progress",
  complete: "Done",
  error: "Failed",
};

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
