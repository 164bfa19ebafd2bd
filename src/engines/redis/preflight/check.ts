import type { Redis } from "ioredis";
import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding } from "../../../core/preflight.ts";
import type { Info } from "../info.ts";

/** One side as far as checks look at it. */
export interface CheckedSide {
  readonly client: Redis;
  readonly info: Info;
  readonly version: string;
}

/** What a check looks at. It changes nothing on either side. */
export interface CheckContext {
  readonly input: PreflightInput;
  readonly source: CheckedSide;
  readonly target: CheckedSide;
  /** Keys in each numbered database of the source. */
  readonly databases: ReadonlyMap<number, number>;
}

export type Check = (context: CheckContext) => Promise<readonly Finding[]>;

/** A finding that keeps the migration from being confirmed. */
export function blocker(check: string, summary: string, remedy: string): Finding {
  return { check, level: "blocker", summary, remedy };
}

/** A finding that people should know of before they confirm. */
export function warning(check: string, summary: string, remedy: string): Finding {
  return { check, level: "warning", summary, remedy };
}
