import { crashPoint } from "../../../core/crash-point.ts";
import { GodwitError } from "../../../core/failure.ts";
import type { FenceHold } from "../../../core/ports/engine.ts";
import type { Json, JsonObject, Step, StepContext } from "../../../core/step.ts";
import { updateEnvFile } from "../env-file/update-env-file.ts";
import type { Fleet } from "../fleet.ts";
import { assertInService } from "../in-service.ts";
import { ensureHold, storedFence } from "./ensure-hold.ts";
import { fenceMarginMs } from "./fence-limit.ts";
import { engineOf, openTarget, targetLocation } from "./subject.ts";

const MINUTE_MS = 60_000;

/** What is particular to moving an add-on forth, or back. */
export interface Direction {
  readonly title: string;
  /** Throws unless what was proved still holds under this hold. */
  assertProved(context: StepContext, hold: FenceHold): Promise<void>;
  /** What has to be done behind the pivot before applications are told, and is noted; repeated until it works. */
  arrive(context: StepContext): Promise<JsonObject>;
}

/** Moves the add-on to its other database, then tells its applications. There is no way back after the first half. */
export function createMoveStep(fleet: Fleet, direction: Direction): Step {
  return {
    name: "switch-over",
    title: direction.title,
    pivot: true,
    timeoutMs: 10 * MINUTE_MS,
    async run(context) {
      const hasPassed = await hasMoved(fleet, context);
      // What was noted before the pivot: an attempt that begins behind it finds it among its own notes.
      const mark = hasPassed
        ? (context.checkpoint?.["mark"] ?? null)
        : await passPivot(fleet, context, direction);
      crashPoint("pivot: passed");
      const arrived = await direction.arrive(context);
      await context.saveCheckpoint({ mark, ...arrived });
      const variables = await rewriteEnvFiles(fleet, context);
      crashPoint("switch-over: variables written");
      const oldKeptUntil = await retiredUntil(fleet, context);
      return { output: { variables, oldKeptUntil: oldKeptUntil.toISOString(), mark, ...arrived } };
    },
  };
}

/** The store is asked, not the migration in hand: a repeated attempt may carry an old copy of it. */
async function hasMoved(fleet: Fleet, context: StepContext): Promise<boolean> {
  const target = targetLocation(context);
  const record = await fleet.store.addon(fleet.config.name, context.migration.source.addonId);
  return record?.serverId === target.serverId && record.database === target.database;
}

async function passPivot(fleet: Fleet, context: StepContext, direction: Direction): Promise<Json> {
  const fence = storedFence(context);
  const deadline = new Date(fence.deadline.getTime() - fenceMarginMs(context.migration));
  const hold = await ensureHold(fleet, context, { ...fence, deadline });
  await direction.assertProved(context, hold);
  const record = await fleet.store.addon(fleet.config.name, context.migration.source.addonId);
  if (record) await assertInService(fleet, record);
  const mark = await noteMark(fleet, context);
  await hold.assertAlive();
  const { serverId, database, username, secretRef } = targetLocation(context);
  await context.passPivot({
    addonId: context.migration.source.addonId,
    planId: context.migration.target.planId,
    serverId,
    database,
    username,
    secretRef,
    retireOldAt: new Date(context.clock.now().getTime() + fleet.config.retentionMs),
  });
  return mark;
}

/** From here on nobody but the applications writes to the database that they are about to be told. */
async function noteMark(fleet: Fleet, context: StepContext): Promise<Json> {
  const { reversal } = engineOf(fleet, context);
  const mark = (await reversal?.mark(await openTarget(fleet, context), context.signal)) ?? null;
  if (mark !== null) await context.saveCheckpoint({ mark });
  return mark;
}

/** Writes the new values into every linked application's env file; returns the variables' names. */
async function rewriteEnvFiles(fleet: Fleet, context: StepContext): Promise<string[]> {
  const environment = engineOf(fleet, context).environment(await openTarget(fleet, context));
  const values = Object.fromEntries(
    Object.entries(environment).map(([name, secret]) => [name, secret.reveal()]),
  );
  const record = await fleet.store.addon(fleet.config.name, context.migration.source.addonId);
  const linked = fleet.config.applications.filter(({ id }) => record?.applications.includes(id));
  const written = await Promise.allSettled(
    linked.map(({ envFile }) => updateEnvFile(envFile, values, context)),
  );
  context.signal.throwIfAborted();
  for (const [index, result] of written.entries())
    if (result.status === "rejected") throw notWritten(linked[index]?.name ?? "", result.reason);
  return Object.keys(values);
}

/** The add-on has moved, so this is repeated until it works. */
function notWritten(application: string, cause: unknown): GodwitError {
  const known = cause instanceof GodwitError ? cause : undefined;
  return new GodwitError({
    code: known?.code ?? "env-file-not-written",
    class: "transient",
    summary: known?.summary ?? `The env file of ${application} cannot be written.`,
    remedy: known?.remedy ?? "Let Godwit's user write to the file and its folder, then retry.",
    cause,
  });
}

async function retiredUntil(fleet: Fleet, context: StepContext): Promise<Date> {
  const retired = await fleet.store.retired(fleet.config.name);
  const own = retired.find(({ migrationId }) => migrationId === context.migration.id);
  return own?.dropAt ?? new Date(context.clock.now().getTime() + fleet.config.retentionMs);
}
