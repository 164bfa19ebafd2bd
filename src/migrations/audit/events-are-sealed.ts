import type { KeptEvent, Records } from "../../core/records.ts";
import type { Violation } from "./audit.ts";

/** Events are numbered without gaps and chained by hashes; epochs only rise; nothing starts unconfirmed. */
export function eventsAreSealed({ migration, events, lease }: Records): Violation[] {
  const migrationId = migration.id;
  const violations: Violation[] = [];
  const note = (invariant: Violation["invariant"], what: string) =>
    violations.push({ invariant, migrationId, what });
  let epoch = 0;
  for (const [index, event] of events.entries()) {
    if (event.sequence !== index + 1) note("events-sealed", `Event ${index + 1} is missing or stands twice.`);
    if (!event.sealed) note("events-sealed", `Event ${event.sequence} was changed after it was written.`);
    if (!event.chained) note("events-sealed", `Event ${event.sequence} does not follow the one before it.`);
    const own = epochOf(event);
    if (own !== undefined && own < epoch)
      note("epochs-rise", `Event ${event.sequence} is of epoch ${own}, after one of epoch ${epoch}.`);
    epoch = Math.max(epoch, own ?? 0);
  }
  if (lease !== null && lease.epoch < epoch)
    note("epochs-rise", `Its lease is of epoch ${lease.epoch}, and an event of epoch ${epoch}.`);
  if (events.length === 0) note("events-sealed", "It has no events.");
  return [...violations, ...startsConfirmed(migration.id, events)];
}

function epochOf({ data }: KeptEvent): number | undefined {
  return typeof data["epoch"] === "number" ? data["epoch"] : undefined;
}

function startsConfirmed(migrationId: string, events: readonly KeptEvent[]): Violation[] {
  const started = events.findIndex(({ type }) => type === "started");
  const confirmed = events.findIndex(({ type }) => type === "confirmed");
  if (started === -1 || (confirmed !== -1 && confirmed < started)) return [];
  return [
    { invariant: "confirmed-first", migrationId, what: "It has started, and nobody had confirmed it." },
  ];
}
