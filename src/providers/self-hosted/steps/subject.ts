import type { DatabaseAccess, DatabasePair, Engine } from "../../../core/ports/engine.ts";
import type { StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { findEngine, type Location, openAccess, readLocation } from "../location.ts";

/** Whether a migration takes another one back after its success. */
export function isReturn({ migration }: Pick<StepContext, "migration">): boolean {
  return (migration.revertOf ?? null) !== null;
}

/** The engine of a migration's database. */
export function engineOf(fleet: Fleet, context: StepContext): Engine {
  return findEngine(fleet, context.migration.source.engine);
}

/** Where the database was when the migration began; the fleet's record moves on at the pivot. */
export function sourceLocation(context: StepContext): Location {
  return readLocation(context.outputOf("check")["source"]);
}

/** Where the new database is; for a return, the old one. */
export function targetLocation(context: StepContext): Location {
  if (isReturn(context)) return readLocation(context.outputOf("check")["target"]);
  return readLocation(context.outputOf("provision")["target"]);
}

/** The old database with its password. */
export async function openSource(fleet: Fleet, context: StepContext): Promise<DatabaseAccess> {
  return await openAccess(fleet, sourceLocation(context));
}

/** The new database with its password. */
export async function openTarget(fleet: Fleet, context: StepContext): Promise<DatabaseAccess> {
  return await openAccess(fleet, targetLocation(context));
}

/** Both databases with their passwords. */
export async function openPair(fleet: Fleet, context: StepContext): Promise<DatabasePair> {
  return { source: await openSource(fleet, context), target: await openTarget(fleet, context) };
}
