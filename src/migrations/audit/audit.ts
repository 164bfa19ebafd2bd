import type { KeptMigration, Records } from "../../core/records.ts";
import { LIVE_STATES } from "../../core/transitions.ts";
import { eventsAreSealed } from "./events-are-sealed.ts";
import { hasOneEnd } from "./has-one-end.ts";
import { messagesKeepOrder } from "./messages-keep-order.ts";
import { movesOn } from "./moves-on.ts";
import { stepsKeepOrder } from "./steps-keep-order.ts";

/** Something that must hold of every migration, whatever died or was cut meanwhile. */
export type Invariant =
  | "one-live-migration"
  | "events-sealed"
  | "epochs-rise"
  | "one-running-step"
  | "steps-in-order"
  | "one-end"
  | "end-told-once"
  | "pivot-once"
  | "no-fence-left"
  | "moves-on"
  | "messages-in-order"
  | "confirmed-first"
  | "no-secret";

/** An invariant that does not hold; never expected. */
export interface Violation {
  readonly invariant: Invariant;
  readonly migrationId: string;
  /** Whole sentence. */
  readonly what: string;
}

/** What an audit needs besides the records. */
export interface AuditOptions {
  readonly now: Date;
  /** What may take so long without being wrong, in milliseconds: a lease and two sweeps. */
  readonly graceMs: number;
  /** Values that may stand nowhere. */
  readonly secrets?: readonly string[];
}

/** A short value would be found in words that mean something else. */
const SHORTEST_SECRET = 8;

/** Checks every invariant that Godwit's own records can show, over all migrations in pages of any size. */
export async function auditAll(
  pages: AsyncIterable<readonly Records[]>,
  options: AuditOptions,
): Promise<{ readonly count: number; readonly violations: readonly Violation[] }> {
  const violations: Violation[] = [];
  const live: KeptMigration[] = [];
  let count = 0;
  for await (const page of pages) {
    count += page.length;
    violations.push(...page.flatMap((records) => auditOne(records, options)));
    const holding = page.filter(({ migration }) => LIVE_STATES.includes(migration.state));
    live.push(...holding.map(({ migration }) => migration));
  }
  return { count, violations: [...violations, ...oneLivePerAddon(live)] };
}

function auditOne(records: Records, options: AuditOptions): Violation[] {
  return [
    ...eventsAreSealed(records),
    ...stepsKeepOrder(records),
    ...hasOneEnd(records),
    ...movesOn(records, options),
    ...messagesKeepOrder(records),
    ...holdsNoSecret(records, options.secrets ?? []),
  ];
}

function oneLivePerAddon(all: readonly KeptMigration[]): Violation[] {
  const live = new Map<string, string>();
  const violations: Violation[] = [];
  for (const { id, addonId } of all) {
    const other = live.get(addonId);
    if (other !== undefined) {
      const what = `It is live on ${addonId} together with ${other}.`;
      violations.push({ invariant: "one-live-migration", migrationId: id, what });
    }
    live.set(addonId, id);
  }
  return violations;
}

function holdsNoSecret(records: Records, secrets: readonly string[]): Violation[] {
  const text = JSON.stringify(records);
  const found = secrets.filter((secret) => secret.length >= SHORTEST_SECRET && text.includes(secret));
  return found.map(() => ({
    invariant: "no-secret",
    migrationId: records.migration.id,
    what: "Its events, steps or messages hold a secret.",
  }));
}
