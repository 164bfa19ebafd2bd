import type { DatabaseFacts } from "../../../core/ports/engine.ts";
import { ALLOWED, refused, type Verdict } from "../../../core/verdict.ts";

/** Whether a database can be replicated at all; which server can follow is judged with the target at hand. */
export function judgeLive({ liveObstacles = [] }: Pick<DatabaseFacts, "liveObstacles">): Verdict {
  const [first] = liveObstacles;
  if (first === undefined) return ALLOWED;
  const summary = liveObstacles.map((obstacle) => obstacle.summary).join(" ");
  return refused({ code: `live-${first.check}`, field: "strategy", summary, remedy: first.remedy });
}
