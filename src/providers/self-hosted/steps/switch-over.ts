import { GodwitError } from "../../../core/failure.ts";
import type { FenceHold } from "../../../core/ports/engine.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import { updateEnvFile } from "../env-file/update-env-file.ts";
import type { Fleet } from "../fleet.ts";
import { ensureHold, storedFence } from "./ensure-hold.ts";
import { fenceMarginMs } from "./fence-limit.ts";
import { engineOf, openPair, openTarget, targetLocation } from "./subject.ts";

const MINUTE_MS = 60_000;

/** Moves the add-on to the new database, then tells its applications. There is no way back after the first half. */
export function createSwitchOverStep(fleet: Fleet): Step {
  return {
    name: "switch-over",
    title: "Switch to the new database",
    pivot: true,
    timeoutMs: 10 * MINUTE_MS,
    async run(context) {
      if (!(await hasMoved(fleet, context))) await passPivot(fleet, context);
      const variables = await rewriteEnvFiles(fleet, context);
      const oldKeptUntil = await retiredUntil(fleet, context);
      return { output: { variables, oldKeptUntil: oldKeptUntil.toISOString() } };
    },
  };
}

/** The store is asked, not the migration in hand: a repeated attempt may carry an old copy of it. */
async function hasMoved(fleet: Fleet, context: StepContext): Promise<boolean> {
  const target = targetLocation(context);
  const record = await fleet.store.addon(fleet.config.name, context.migration.source.addonId);
  return record?.serverId === target.serverId && record.database === target.database;
}

async function passPivot(fleet: Fleet, context: StepContext): Promise<void> {
  const fence = storedFence(context);
  const deadline = new Date(fence.deadline.getTime() - fenceMarginMs(context.migration));
  const hold = await ensureHold(fleet, context, { ...fence, deadline });
  await assertProved(fleet, context, hold);
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
}

/** A proof is good for the hold it was made under: after a crash the source was open to whoever insisted. */
async function assertProved(fleet: Fleet, context: StepContext, hold: FenceHold): Promise<void> {
  if (context.outputOf("verify")["holdSince"] === hold.since.toISOString()) return;
  context.log.warn({ since: hold.since }, "fence was rebuilt, verifying again");
  await engineOf(fleet, context).verify(await openPair(fleet, context), hold, context);
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
