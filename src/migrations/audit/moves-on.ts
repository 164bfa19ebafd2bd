import type { Records } from "../../core/records.ts";
import { isTerminal } from "../../core/transitions.ts";
import type { AuditOptions, Violation } from "./audit.ts";

/** What should be moving is held by a worker, and no database stays read-only past its limit or its migration's end. */
export function movesOn(records: Records, options: AuditOptions): Violation[] {
  return [...isHeld(records, options), ...leavesNoFence(records, options)];
}

function isHeld({ migration, lease, events }: Records, { now, graceMs }: AuditOptions): Violation[] {
  if (!["queued", "running", "rolling_back"].includes(migration.state)) return [];
  const lastSeen = Math.max(lease?.until?.getTime() ?? 0, events.at(-1)?.at.getTime() ?? 0);
  const idleMs = now.getTime() - lastSeen;
  if (idleMs <= graceMs) return [];
  const what = `It is ${migration.state}, and no worker has held it for ${Math.round(idleMs / 1000)} s.`;
  return [{ invariant: "moves-on", migrationId: migration.id, what }];
}

function leavesNoFence({ migration, fence }: Records, { now, graceMs }: AuditOptions): Violation[] {
  if (fence === null || fence.liftedAt !== null || migration.pivotPassed) return [];
  const since = isTerminal(migration.state) ? migration.finishedAt : fence.deadline;
  const lateMs = now.getTime() - (since?.getTime() ?? 0);
  if (lateMs <= graceMs) return [];
  const why = isTerminal(migration.state) ? `it is ${migration.state}` : "the deadline has passed";
  const what = `Its old database is kept read-only although ${why}.`;
  return [{ invariant: "no-fence-left", migrationId: migration.id, what }];
}
