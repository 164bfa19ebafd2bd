import type { DatabaseFacts } from "../../../core/ports/engine.ts";
import { ALLOWED, refused, type Verdict } from "../../../core/verdict.ts";

const SHOWN = 4;

/** Whether a database can be replicated; every reason against it in one refusal. */
export function judgeLive({ liveObstacles }: Pick<DatabaseFacts, "liveObstacles">): Verdict {
  if (liveObstacles === undefined) return refused(unknown);
  const [first, ...others] = liveObstacles;
  if (first === undefined) return ALLOWED;
  const summaries = [first, ...others].slice(0, SHOWN).map(({ summary }) => summary);
  const hidden = liveObstacles.length - summaries.length;
  if (hidden > 0) summaries.push(`${hidden} more reasons stand against it.`);
  const { check, remedy } = first;
  return refused({ code: `live-${check}`, field: "strategy", summary: summaries.join(" "), remedy });
}

const unknown = {
  code: "live-not-known",
  field: "strategy",
  summary: "Godwit could not tell whether this database can be replicated.",
  remedy: "Choose to copy while read-only, or try again.",
} as const;
