import type { Unschedule } from "../clock.ts";
import type { Addon, Migration, MigrationStatus, MigrationStep } from "../model.ts";
import type { World } from "../world.ts";
import { Identity } from "./identity.ts";
import { failureOf } from "./plot-failure.ts";
import { rollbackOf, stepsOf, weightOf } from "./steps.ts";

interface Run {
  readonly addon: Addon;
  readonly migration: Migration;
  readonly identity: Identity;
  readonly steps: readonly string[];
  unschedule: Unschedule;
  /** Goes on after a held step. */
  resume?: () => void;
}

/** Moves migrations from step to step on the platform's clock. */
export class MigrationRunner {
  readonly #world: World;
  readonly #runs = new Map<string, Run>();

  constructor(world: World) {
    this.#world = world;
  }

  start(addon: Addon, migration: Migration): void {
    const run: Run = {
      addon,
      migration,
      identity: new Identity(this.#world, addon, migration),
      steps: scriptedSteps(addon, migration),
      unschedule: () => {},
    };
    this.#runs.set(migration.id, run);
    this.#after(run, this.#world.settings.pace.firstStepMs, () => this.#begin(run, 0));
  }

  /** Lets every held step go on. */
  release(): void {
    for (const run of this.#runs.values()) {
      const resume = run.resume;
      delete run.resume;
      resume?.();
    }
  }

  /** guess: it can be cancelled until REMOVE_EDIT_RIGHT begins, while the source is still untouched. */
  canCancel(migration: Migration): boolean {
    if (migration.status !== "RUNNING") return false;
    if (migration.plot.cancel !== undefined) return migration.plot.cancel === "accepted";
    return migration.steps.every(({ value }) => value !== "REMOVE_EDIT_RIGHT");
  }

  /** guess: the running step is ABORTED, and the migration RECOVERING until its instance is gone. */
  cancel(migration: Migration): void {
    const run = this.#runs.get(migration.id);
    if (!run) return;
    run.unschedule();
    delete run.resume;
    const step = migration.steps.at(-1);
    if (step?.status === "RUNNING") this.#end(step, "ABORTED");
    this.#goBack(run, migration.plot.cancelEnd ?? "ABORTED");
  }

  #begin(run: Run, index: number): void {
    const value = run.steps[index];
    if (value === undefined) return this.#finish(run, "OK");
    const step = this.#open(run, value);
    if (value === "REMOVE_EDIT_RIGHT") run.addon.isReadOnly = true;
    const goOn = (): void =>
      this.#after(run, this.#durationOf(value), () => this.#complete(run, index, step));
    if (run.migration.plot.holdAt === value) run.resume = goOn;
    else goOn();
  }

  #complete(run: Run, index: number, step: MigrationStep): void {
    if (step.value === failureOf(run.migration.plot, run.steps)) return this.#break(run, step);
    this.#end(step, "OK");
    run.identity.afterStep(step.value);
    this.#begin(run, index + 1);
  }

  #break(run: Run, step: MigrationStep): void {
    const { end, message = "Step failed" } = run.migration.plot;
    this.#end(step, end === "aborted" ? "ABORTED" : "FAILED", message);
    if (end === "failed") return this.#finish(run, "FAILED");
    this.#goBack(run, end === "aborted" ? "ABORTED" : "RECOVERED");
  }

  /** guess: what is undone appears as further steps of the same migration. */
  #goBack(run: Run, end: MigrationStatus): void {
    run.migration.status = "RECOVERING";
    this.#world.migrationChanged(run.migration);
    this.#undo(run, rollbackOf(run.migration.steps.map(({ value }) => value)), end);
  }

  #undo(run: Run, [value, ...rest]: readonly string[], end: MigrationStatus): void {
    const { plot } = run.migration;
    if (value === undefined) return this.#settle(run, end);
    const step = this.#open(run, value);
    this.#after(run, this.#durationOf(value), () => {
      if (plot.end === "recovery-failed") {
        this.#end(step, "FAILED", "Recovery failed");
        return this.#finish(run, "FAILED");
      }
      this.#end(step, "OK");
      if (value === "ENABLE_EDIT_RIGHT") run.addon.isReadOnly = false;
      this.#undo(run, rest, end);
    });
  }

  #settle(run: Run, end: MigrationStatus): void {
    const { plot } = run.migration;
    if (plot.end === "recovering") return;
    if (plot.end === "recovery-failed") return this.#finish(run, "FAILED");
    this.#after(run, plot.recoveringMs ?? 0, () => {
      run.identity.restore();
      this.#finish(run, end);
    });
  }

  #finish(run: Run, status: MigrationStatus): void {
    run.migration.status = status;
    this.#runs.delete(run.migration.id);
    this.#world.migrationChanged(run.migration);
  }

  #open(run: Run, value: string): MigrationStep {
    const step: MigrationStep = { value, status: "RUNNING", startedAtMs: this.#world.clock.now() };
    run.migration.steps.push(step);
    this.#world.migrationChanged(run.migration);
    return step;
  }

  #end(step: MigrationStep, status: MigrationStatus, message?: string): void {
    step.status = status;
    step.endedAtMs = this.#world.clock.now();
    if (message !== undefined) step.message = message;
  }

  #durationOf(step: string): number {
    const { pace } = this.#world.settings;
    return pace.steps[step] ?? pace.stepMs * weightOf(step);
  }

  #after(run: Run, delayMs: number, next: () => void): void {
    run.unschedule = this.#world.clock.schedule(delayMs, next);
  }
}

function scriptedSteps(addon: Addon, migration: Migration): string[] {
  const { unknownStep } = migration.plot;
  const steps = stepsOf(addon.provider.id, migration.source, migration.target);
  return steps.flatMap((step) => (step === unknownStep?.after ? [step, unknownStep.name] : [step]));
}
