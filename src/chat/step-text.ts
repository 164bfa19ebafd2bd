import { bold, type StepLine, type Text } from "./message.ts";

const SYMBOLS: Readonly<Record<StepLine["state"], string>> = {
  pending: "○",
  running: "▶",
  done: "✓",
  failed: "✗",
  undone: "↩",
};

/** A step of a migration as a line of a list: its state as a sign, its title, and what is said of it. */
export function stepText(step: StepLine): Text {
  const detail = step.detail === null ? "" : ` · ${step.detail}`;
  return [`${SYMBOLS[step.state]} `, bold(step.title), `: ${step.words}${detail}`];
}
