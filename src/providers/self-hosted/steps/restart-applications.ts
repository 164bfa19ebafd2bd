import { crashPoint } from "../../../core/crash-point.ts";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import type { ApplicationConfig } from "../config.ts";
import type { Fleet } from "../fleet.ts";
import { restartApplication } from "../restart/restart-application.ts";
import { engineOf, openTarget } from "./subject.ts";

const MINUTE_MS = 60_000;
const LOOK_MS = 500;

interface Restarted {
  readonly application: ApplicationConfig;
  readonly problem: string | null;
}

/**
 * Restarts the linked applications and watches them connect. An application that does not come back
 * is told in the result and stops nothing: the data has moved, and a person can restart it.
 */
export function createRestartApplicationsStep(fleet: Fleet): Step {
  return {
    name: "restart-applications",
    title: "Restart the applications",
    pivot: false,
    timeoutMs: 10 * MINUTE_MS + longestConnect(fleet.config.applications),
    async run(context) {
      const target = await openTarget(fleet, context);
      const linked = await linkedTo(fleet, context);
      const restarted = await Promise.all(linked.map((application) => restart(application, context)));
      crashPoint("restart: asked for");
      const connectedAt = await watchConnection(fleet, context, { target, restarted });
      const applications = restarted.map((entry) => describe(entry, connectedAt));
      return { output: { applications }, readOnlyUntil: connectedAt ?? context.clock.now() };
    },
  };
}

async function linkedTo(fleet: Fleet, context: StepContext): Promise<ApplicationConfig[]> {
  const record = await fleet.store.addon(fleet.config.name, context.migration.source.addonId);
  return fleet.config.applications.filter(({ id }) => record?.applications.includes(id));
}

async function restart(application: ApplicationConfig, context: StepContext): Promise<Restarted> {
  context.report({ label: `restarting ${application.name}` });
  const problem = await restartApplication({
    application,
    addonId: context.migration.source.addonId,
    migrationId: context.migration.id,
    idempotencyKey: context.idempotencyKey,
    clock: context.clock,
    log: context.log,
    signal: context.signal,
  });
  return { application, problem };
}

/** When the applications' role was first seen on the new database; null when it was not in time. */
async function watchConnection(
  fleet: Fleet,
  context: StepContext,
  { target, restarted }: { readonly target: DatabaseAccess; readonly restarted: readonly Restarted[] },
): Promise<Date | null> {
  const awaited = restarted.filter(({ problem }) => problem === null).map(({ application }) => application);
  const deadline = context.clock.now().getTime() + longestConnect(awaited);
  if (restarted.length > 0) context.report({ label: "waiting for the applications to connect" });
  for (;;) {
    const since = restarted.length === 0 ? null : await lookForSession(fleet, context, target);
    if (since !== null || context.clock.now().getTime() >= deadline) return since;
    await context.clock.sleep(LOOK_MS, context.signal);
  }
}

/** A server that does not answer for a moment is asked again. */
async function lookForSession(
  fleet: Fleet,
  context: StepContext,
  target: DatabaseAccess,
): Promise<Date | null> {
  try {
    return await engineOf(fleet, context).connectedSince(target, context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ serverId: target.server.id, err: error }, "looking for connections");
    return null;
  }
}

function describe({ application, problem }: Restarted, connectedAt: Date | null) {
  const { id, name, connectTimeoutMs } = application;
  const silent = `it did not connect within ${connectTimeoutMs / 1000} s`;
  if (problem !== null) return { id, name, connectedAt: null, problem };
  return { id, name, connectedAt: connectedAt?.toISOString() ?? null, problem: connectedAt ? null : silent };
}

function longestConnect(applications: readonly ApplicationConfig[]): number {
  return Math.max(0, ...applications.map(({ connectTimeoutMs }) => connectTimeoutMs));
}
