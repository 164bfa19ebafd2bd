import type pg from "pg";
import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding, FindingLevel } from "../../../core/preflight.ts";
import type { Strategy } from "../../../core/target.ts";
import type { FindPgClient } from "../tools.ts";

/** What a check may look at: both servers, read only. */
export interface CheckContext {
  readonly input: PreflightInput;
  /** Administrator's session in the source's database. */
  readonly source: pg.Client;
  /** Administrator's session in the target server's own database. */
  readonly target: pg.Client;
  readonly sourceVersion: number;
  readonly targetVersion: number;
  /** How the database is to be moved: some things concern one strategy only. */
  readonly strategy: Strategy;
  readonly limits: Limits;
  /** Absent where no schema is to be copied from here. */
  readonly findClient?: FindPgClient;
}

/** From when on something counts as long or large. */
export interface Limits {
  readonly longTransactionSeconds: number;
  /** Bytes that one row may have while it travels. Source: PostgreSQL, `MaxAllocSize`. */
  readonly rowBytes: number;
  /** How long rows may be looked at for their size, per table. */
  readonly scanMs: number;
  /** How long the target may take to connect to the source. */
  readonly reachMs: number;
  /** Dead rows from which on a size is worth a word, in bytes. */
  readonly bloatBytes: number;
}

export const LIMITS: Limits = {
  longTransactionSeconds: 300,
  rowBytes: 2 ** 30,
  scanMs: 3_000,
  reachMs: 10_000,
  bloatBytes: 256 * 2 ** 20,
};

/** Whether a version's number is of this major or a newer one. */
export const isSince = (version: number, major: number): boolean => version >= major * 10_000;

/** One thing that preflight looks at. Returns nothing when all is well. */
export type Check = (context: CheckContext) => Promise<readonly Finding[]>;

const NAMES_SHOWN = 5;

/** Names in quotation marks, cut after a few; control characters are left out. */
export function listNames(names: readonly string[]): string {
  const clean = (name: string): string => {
    const visible = name.replace(/\p{Cc}/gu, "");
    const points = Array.from(visible);
    return `“${points.length > 63 ? `${points.slice(0, 60).join("")}…` : visible}”`;
  };
  const shown = names.slice(0, NAMES_SHOWN).map(clean).join(", ");
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}

/** A check that finds something when a query on one side returns names. */
export interface NameCheck {
  readonly check: string;
  readonly level: FindingLevel;
  /** Query that returns a column `name`. */
  readonly query: string;
  /** Where it is run; default: on the source. */
  readonly side?: "source" | "target";
  /** What stands for `$1`, `$2`… in the query. */
  readonly values?: (context: CheckContext) => readonly unknown[];
  /** Lowest version of the source whose catalog has what the query asks. */
  readonly since?: number;
  readonly summary: (names: string, count: number) => string;
  readonly remedy?: string;
}

/** One finding about names, or none when there are no names. */
export function findNames(
  names: readonly string[],
  { check, level, summary, remedy }: Pick<NameCheck, "check" | "level" | "summary" | "remedy">,
): Finding[] {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return [];
  const text = summary(listNames(distinct), distinct.length);
  const finding = { check, level, summary: text };
  return [remedy === undefined ? finding : { ...finding, remedy }];
}

/** Makes a check of a query. */
export function nameCheck(made: NameCheck): Check {
  return async (context) => {
    if (made.since !== undefined && !isSince(context.sourceVersion, made.since)) return [];
    const values = made.values?.(context) ?? [];
    const { rows } = await context[made.side ?? "source"].query<{ name: string }>(made.query, [...values]);
    return findNames(
      rows.map(({ name }) => name),
      made,
    );
  };
}
