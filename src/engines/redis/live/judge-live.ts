import type { DatabaseFacts } from "../../../core/ports/engine.ts";
import { ALLOWED, refused, type Verdict } from "../../../core/verdict.ts";
import { compareVersions } from "../../../core/version.ts";
import { isValkey, numberOf } from "../versions.ts";

/** Whether a server can be replicated at all; which versions can follow it is judged with the target at hand. */
export function judgeLive({ liveObstacles = [] }: DatabaseFacts): Verdict {
  const [first] = liveObstacles;
  if (first === undefined) return ALLOWED;
  return refused({
    code: "live-not-possible",
    field: "strategy",
    summary: `This server cannot be replicated: ${first.summary}`,
    remedy: first.remedy,
  });
}

/**
 * Whether a server of one version can follow one of another. Measured on Redis 7.0 and 8.0, Valkey 8.1 and 9.1: a
 * newer one of the same product follows, and so does Valkey a Redis up to 7.2, from which it came; the format of
 * Redis since 7.4 is refused by Valkey ("Can't handle RDB format version").
 */
export function canFollow(source: string, target: string): boolean {
  if (isValkey(source) === isValkey(target)) return compareVersions(numberOf(target), numberOf(source)) >= 0;
  return isValkey(target) && compareVersions(source, "7.2") <= 0;
}
