import type { Failure } from "../../core/failure.ts";
import type { Migration } from "../../core/migration.ts";
import type { StepRecord } from "../../core/step.ts";
import { fail } from "./fail.ts";
import type { Session } from "./session.ts";

/** Workers that a step may lose in a row without having noted anything new. */
export const CRASH_CAP = 5;

/**
 * Counts what ended the worker that this one follows against the step that it was at. A step that ends its worker each
 * time, such as by its memory, would be repeated for ever; past the cap it fails, and what follows is as with any
 * failure. False then.
 */
export async function noteCrash(session: Session): Promise<boolean> {
  const { deps, lease } = session;
  const { migrationId, owner } = lease;
  const step = await session.write(async (tx) => {
    const found = await tx.lockMigration(migrationId);
    const current = found && stepAtHand(found, await tx.steps(migrationId));
    if (!current) return undefined;
    const streak = current.crashStreak + 1;
    const isOver = streak >= CRASH_CAP;
    // What comes next, its undo, begins with a count of its own.
    await tx.patchStep(migrationId, current.name, {
      crashes: current.crashes + 1,
      crashStreak: isOver ? 0 : streak,
    });
    const data = { step: current.name, streak };
    await tx.append({ migrationId, actor: `worker:${owner}`, type: "worker-lost", data });
    return isOver ? current : undefined;
  });
  if (step === undefined) return true;
  deps.log.error({ migrationId, step: step.name, crashes: CRASH_CAP }, "step ends its workers");
  await fail(session, poisoned(step));
  return false;
}

/** The step that runs, or the one whose undo comes next. */
function stepAtHand(migration: Migration, records: readonly StepRecord[]): StepRecord | undefined {
  if (migration.state !== "rolling_back") return records.find(({ status }) => status === "running");
  return records.findLast(({ startedAt, status }) => startedAt !== null && status !== "undone");
}

function poisoned({ name, title }: StepRecord): Failure {
  return {
    code: "worker-lost",
    step: name,
    summary: `“${title}” has ended its worker ${CRASH_CAP} times in a row without getting any further.`,
    remedy:
      "Ask an operator to look at the workers' memory and at what ended their processes, then try again.",
    detail: `${CRASH_CAP} leases ran out while this step ran and noted nothing new`,
  };
}
