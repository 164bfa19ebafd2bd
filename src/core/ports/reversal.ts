import type { Loss } from "../loss.ts";
import type { JsonObject } from "../step.ts";
import type { DatabaseAccess, EngineCall } from "./engine.ts";

/** Both databases of a migration that has succeeded. */
export interface ReversalPair {
  /** The one in service. */
  readonly now: DatabaseAccess;
  /** The one that was left, as it was at the switch. */
  readonly before: DatabaseAccess;
}

/** How an add-on returns to the database that it has left. Every method looks before it acts and may be repeated. */
export interface Reversal {
  /** Notes this moment of a database to which nobody writes, so that what is written later can be told from the rest. */
  mark(database: DatabaseAccess, signal: AbortSignal): Promise<JsonObject>;
  /**
   * Counts what was written since the mark. Each table is counted for at most `limitMs` where that is given; those
   * that take longer are named in `notTold`.
   */
  loss(pair: ReversalPair, mark: JsonObject | null, options: LossOptions): Promise<Loss>;
  /** Who may enter a database; noted before `close` takes the right away. */
  entrance(database: DatabaseAccess, signal: AbortSignal): Promise<JsonObject>;
  /** Takes `close` back for those who were noted; roles that are gone since are left out. */
  reopen(database: DatabaseAccess, entrance: JsonObject | null, signal: AbortSignal): Promise<void>;
}

export interface LossOptions {
  readonly call: Pick<EngineCall, "signal" | "clock" | "report">;
  readonly limitMs?: number;
}
