import { type Gate, type GateState, initialGate } from "../../../../src/core/gate.ts";
import type { Migration } from "../../../../src/core/migration.ts";
import type { Clock } from "../../../../src/core/ports/clock.ts";
import type { Log } from "../../../../src/core/ports/log.ts";
import type { Provider } from "../../../../src/core/ports/provider.ts";
import { snapshotOf } from "../../../../src/core/ports/provider.ts";
import type {
  AddonRelocation,
  FenceRecord,
  JsonObject,
  Progress,
  StepContext,
  StepResult,
} from "../../../../src/core/step.ts";
import type { Target } from "../../../../src/core/target.ts";
import { NEVER } from "./a-fleet.ts";

/** What a migration's steps have stored; everything passes through JSON, as in the real store. */
export interface Run {
  readonly migration: Migration;
  readonly checkpoints: Map<string, JsonObject>;
  readonly outputs: Map<string, JsonObject>;
  readonly results: Map<string, StepResult>;
  readonly progress: Progress[];
  fence: FenceRecord | null;
  fenceLifted: boolean;
  fenceLifting: boolean;
  readonly builds: string[];
  /** Steps that another worker has taken back. */
  readonly undone: Set<string>;
  pivotPassed: boolean;
  readonly pivots: AddonRelocation[];
  /** As a person or the gate step left it last. */
  gate: Gate | null;
  readonly gateStates: GateState[];
}

export interface RunWorld {
  readonly provider: Provider;
  readonly clock: Clock;
  readonly log: Log;
  /** Where outputs go so that `outcome` finds them, and what the pivot writes. */
  readonly store: {
    readonly outputs: Map<string, JsonObject>;
    passPivot(migrationId: string, change: AddonRelocation): void | Promise<void>;
  };
}

/** A migration of an add-on, ready to run. */
export async function aRun(provider: Provider, target: Target, addonId = "addon_orders"): Promise<Run> {
  const addon = await provider.getAddon(addonId, NEVER);
  if (!addon) throw new Error(`no add-on ${addonId}`);
  const options = await provider.options(addon, target.planId, NEVER);
  const targetPlan = options.plans.find(({ value }) => value.id === target.planId)?.value ?? addon.plan;
  const id = "mig_0123456789abcdef";
  return newRun({ id, source: snapshotOf(addon), target, targetPlan } as Migration);
}

/** A return to the database that a migration has left, ready to run. */
export async function aReturn(provider: Provider, { migration: done }: Run): Promise<Run> {
  const plan = await provider.planRevert?.(done, { isCounted: true, signal: NEVER });
  return newRun({ id: "mig_fedcba9876543210", revertOf: done.id, ...plan } as Migration);
}

function newRun(migration: Migration): Run {
  return {
    migration,
    checkpoints: new Map(),
    outputs: new Map(),
    results: new Map(),
    progress: [],
    fence: null,
    fenceLifted: false,
    fenceLifting: false,
    builds: [],
    undone: new Set(),
    pivotPassed: false,
    pivots: [],
    gate: null,
    gateStates: [],
  };
}

/** Runs the steps that are not done yet, in order, up to and including `last`. */
export async function runSteps(world: RunWorld, run: Run, last?: string): Promise<void> {
  for (const step of world.provider.steps(run.migration)) {
    if (!run.results.has(step.name)) await runStep(world, run, step.name);
    if (step.name === last) return;
  }
}

/** Runs one step, also when it is done. */
export async function runStep(
  world: RunWorld,
  run: Run,
  name: string,
  signal: AbortSignal = NEVER,
): Promise<StepResult> {
  const step = world.provider.steps(run.migration).find((known) => known.name === name);
  if (!step) throw new Error(`no step ${name}`);
  const result = await step.run(contextOf(world, run, { name, signal }));
  const output = json(result.output ?? {});
  run.results.set(name, result);
  run.outputs.set(name, output);
  world.store.outputs.set(`${run.migration.id}:${name}`, output);
  return result;
}

/** Undoes the steps in reverse, as after a failure; those behind `after` only, where it is given. */
export async function undoSteps(world: RunWorld, run: Run, after?: string): Promise<void> {
  for (const step of world.provider.steps(run.migration).toReversed()) {
    if (step.name === after) return;
    await step.undo?.(contextOf(world, run, { name: step.name, signal: NEVER }));
  }
}

interface Running {
  readonly name: string;
  readonly signal: AbortSignal;
}

function contextOf(world: RunWorld, run: Run, { name, signal }: Running): StepContext {
  const { id, source } = run.migration;
  return {
    migration: { ...run.migration, pivotPassed: run.pivotPassed },
    idempotencyKey: `${id}:${name}`,
    attempt: 1,
    checkpoint: run.checkpoints.get(name) ?? null,
    saveCheckpoint: async (checkpoint) => void run.checkpoints.set(name, json(checkpoint)),
    wasUndone: async () => run.undone.has(name),
    outputOf: (step) => run.outputs.get(step) ?? missing(step),
    report: (progress) => run.progress.push(progress),
    gate: async () => run.gate ?? initialGate(run.migration.target.strategy),
    async noteGate(noted) {
      run.gate = { ...(run.gate ?? initialGate(run.migration.target.strategy)), ...noted };
      run.gateStates.push(noted.state);
    },
    async recordFence({ undo, deadline }) {
      if (run.fence !== null) return;
      const identity = { migrationId: id, providerName: source.providerName, addonId: source.addonId };
      run.fence = { ...identity, undo: json(undo), deadline };
      run.fenceLifted = false;
      run.fenceLifting = false;
    },
    askSupport: async () => undefined,
    fenceStands: async () => run.fence !== null && !run.fenceLifted && !run.fenceLifting,
    beginBuild: async () => void run.builds.push("begun"),
    endBuild: async () => void run.builds.push("ended"),
    openIfAbandoned: async () => void run.builds.push("looked for"),
    async beginLift() {
      run.fenceLifting = true;
    },
    async liftFence() {
      run.fenceLifted = true;
    },
    async passPivot(change) {
      run.pivots.push(change);
      await world.store.passPivot(id, change);
      run.pivotPassed = true;
    },
    signal,
    log: world.log,
    clock: world.clock,
  };
}

function json(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function missing(step: string): never {
  throw new Error(`step ${step} has not finished`);
}
