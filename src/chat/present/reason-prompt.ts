import type { PressAction } from "../../core/ports/chat.ts";

/** A form of one text field that stands between a button and its effect. Fits Slack's and Discord's limits. */
export interface ReasonPrompt {
  /** At most 24 characters. */
  readonly title: string;
  readonly text: string;
  /** At most 45 characters. */
  readonly label: string;
  readonly placeholder: string;
  readonly submit: string;
  readonly close: string;
}

/** Characters that a reason may have. */
export const REASON_LIMIT = 500;

const SOLVE: ReasonPrompt = {
  title: "Mark as solved",
  text: "The add-on is unlocked and Godwit does nothing more for this migration. Do it when the database is in order. What you write stands in the thread and in the history.",
  label: "What was done",
  placeholder: "Such as: moved the env file by hand and restarted the shop",
  submit: "Mark as solved",
  close: "Not yet",
};

/** What a press asks the person to write before it has its effect; null for most. */
export function reasonPrompt(action: PressAction): ReasonPrompt | null {
  return action === "solve" ? SOLVE : null;
}
