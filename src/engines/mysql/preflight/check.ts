import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding, FindingLevel } from "../../../core/preflight.ts";
import type { Session } from "../session.ts";

/** What a check may look at: both servers, read only. */
export interface CheckContext {
  readonly input: PreflightInput;
  readonly source: Session;
  readonly target: Session;
  readonly database: string;
}

/** One thing that preflight looks at. Returns nothing when all is well. */
export type Check = (context: CheckContext) => Promise<readonly Finding[]>;

const NAMES_SHOWN = 5;

/** Names in quotation marks, cut after a few; control characters are left out. */
export function listNames(names: readonly string[]): string {
  const clean = (name: string): string => {
    const points = Array.from(name.replace(/\p{Cc}/gu, ""));
    return `“${points.length > 63 ? `${points.slice(0, 60).join("")}…` : points.join("")}”`;
  };
  const shown = names.slice(0, NAMES_SHOWN).map(clean).join(", ");
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}

/** A check that finds something when a query on the source returns names. */
export interface NameCheck {
  readonly check: string;
  readonly level: FindingLevel;
  /** Query that returns a column `name`; each `?` stands for the database. */
  readonly query: string;
  /** Product that it concerns; left out: both. */
  readonly product?: "MariaDB" | "MySQL";
  readonly summary: (names: string) => string;
  readonly remedy?: string;
}

/** One finding about names, or none when there are no names. */
export function findNames(
  names: readonly string[],
  { check, level, summary, remedy }: Pick<NameCheck, "check" | "level" | "summary" | "remedy">,
): Finding[] {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return [];
  const finding = { check, level, summary: summary(listNames(distinct)) };
  return [remedy === undefined ? finding : { ...finding, remedy }];
}

/** Makes a check of a query. */
export function nameCheck(made: NameCheck): Check {
  return async ({ source, database }) => {
    if (made.product !== undefined && made.product !== source.flavour.product) return [];
    const values = Array.from({ length: made.query.split("?").length - 1 }, () => database);
    const rows = await source.rows<{ name: string }>(made.query, values);
    return findNames(
      rows.map(({ name }) => name),
      made,
    );
  };
}

/** Value of a server's variable; null where it does not know it. */
export async function readVariable(session: Session, name: string): Promise<string | null> {
  const [row] = await session.rows<{ Value: string }>("SHOW GLOBAL VARIABLES WHERE Variable_name = ?", [
    name,
  ]);
  return row?.Value ?? null;
}
