import type pg from "pg";
import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding, FindingLevel } from "../../../core/preflight.ts";

/** What a check may look at: both servers, read only. */
export interface CheckContext {
  readonly input: PreflightInput;
  /** Administrator's session in the source's database. */
  readonly source: pg.Client;
  /** Administrator's session in the target server's own database. */
  readonly target: pg.Client;
  readonly sourceVersion: number;
  readonly targetVersion: number;
}

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

/** A check that finds something when a query on the source returns names. */
export interface NameCheck {
  readonly check: string;
  readonly level: FindingLevel;
  /** Query on the source that returns a column `name`. */
  readonly query: string;
  /** Lowest version whose catalog has what the query asks. */
  readonly since?: number;
  readonly summary: (names: string, count: number) => string;
  readonly remedy?: string;
}

/** Makes a check of a query. */
export function nameCheck({ check, level, query, since, summary, remedy }: NameCheck): Check {
  return async ({ source, sourceVersion }) => {
    if (since !== undefined && sourceVersion < since) return [];
    const { rows } = await source.query<{ name: string }>(query);
    const names = [...new Set(rows.map(({ name }) => name))];
    if (names.length === 0) return [];
    const finding = { check, level, summary: summary(listNames(names), names.length) };
    return [remedy === undefined ? finding : { ...finding, remedy }];
  };
}
