import type { App } from "../app.ts";
import type { Migration } from "../core/migration.ts";
import { type ShownStep, shownStep } from "../core/step.ts";
import { isTerminal } from "../core/transitions.ts";
import { cancelMigration } from "../migrations/cancel-migration.ts";
import { providerNamed } from "../migrations/find-addon.ts";
import { drive } from "../migrations/runner/drive.ts";
import { failedNotification } from "../migrations/runner/fail.ts";
import type { Reporter } from "./reporter.ts";

const LOOK_MS = 500;

/**
 * Drives a migration from this process, unless another worker has it already, and tells its steps until it
 * ends. Ctrl-C cancels it. Tells whether it succeeded.
 */
export async function follow(app: App, migrationId: string, reporter: Reporter): Promise<boolean> {
  const { deps, driver } = app;
  const stopCancelling = cancelOnInterrupt(app, migrationId);
  const told = new Map<string, string>();
  let driving: Promise<void> | undefined;
  try {
    for (;;) {
      driving ??= drive(driver, migrationId).finally(() => {
        driving = undefined;
      });
      const migration = await deps.store.migration(migrationId);
      tellSteps(await deps.store.steps(migrationId), told, reporter);
      if (!migration) return false;
      if (isTerminal(migration.state) || migration.state === "needs_support")
        return await conclude(app, migration, reporter);
      await deps.clock.sleep(LOOK_MS);
    }
  } finally {
    stopCancelling();
    await driving;
  }
}

function cancelOnInterrupt({ deps }: App, migrationId: string): () => void {
  const by = { platform: "cli", id: "terminal", name: "the terminal" } as const;
  const onInterrupt = () => {
    void cancelMigration(deps, migrationId, by).catch(() => undefined);
  };
  process.on("SIGINT", onInterrupt);
  return () => process.off("SIGINT", onInterrupt);
}

function tellSteps(steps: readonly ShownStep[], told: Map<string, string>, reporter: Reporter): void {
  for (const step of steps) {
    const line = `${step.status} ${step.attempt} ${step.waitingFor ?? ""}`;
    if (step.status === "pending" || told.get(step.name) === line) continue;
    told.set(step.name, line);
    reporter.step(step, steps.length);
  }
}

async function conclude({ deps }: App, migration: Migration, reporter: Reporter): Promise<boolean> {
  const succeeded = migration.state === "succeeded";
  if (succeeded) {
    const outcome = await providerNamed(deps, migration.source.providerName).outcome(migration);
    const steps = (await deps.store.steps(migration.id)).map(shownStep);
    // Nobody can press a button here.
    const applications = outcome.applications.map(({ redeployment: _redeployment, ...seen }) => seen);
    reporter.notification({ kind: "succeeded", migration, steps, ...outcome, applications });
  } else if (migration.failure) {
    reporter.notification(await failedNotification(deps.store, migration, migration.failure));
  } else {
    reporter.notification({ kind: "cancelled", migration, by: migration.desiredBy, started: true });
  }
  reporter.report(migration);
  return succeeded;
}
