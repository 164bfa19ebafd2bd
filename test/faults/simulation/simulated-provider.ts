import { GodwitError, SwitchReturned } from "../../../src/core/failure.ts";
import { judgeGate } from "../../../src/core/gate.ts";
import type { Provider } from "../../../src/core/ports/provider.ts";
import type { JsonObject, StepContext, StepResult } from "../../../src/core/step.ts";
import { anAddon, permanentFailure, scriptedProvider } from "../../migrations/scripted-provider.ts";
import { relocation } from "../../migrations/step-behaviours.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { EPOCH } from "./simulated-process.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

const FENCE_LIMIT_MS = 6_000;
const MARGIN_MS = 300;
const NO_LAG = { behindBytes: 0, behindMs: 0, backlogBytes: 0, isApplying: true };

interface Parts {
  readonly process: SimulatedProcess;
  readonly world: SimulatedWorld;
  readonly random: () => number;
  readonly now: () => number;
  /** Part of the steps that go wrong by themselves, from 0 to 1. */
  readonly trouble: () => number;
}

/** A provider whose steps act on a simulated world, as one process sees it. */
export function simulatedProvider(parts: Parts): Provider {
  const { process, world, random, now, trouble } = parts;
  const scripted = scriptedProvider();
  const step = (name: string, act: (context: StepContext) => Promise<StepResult>) =>
    scripted.behaviours.set(name, async (context) => {
      await process.cross(`before ${name}`);
      context.signal.throwIfAborted();
      if (random() < trouble()) throw random() < 0.3 ? permanentFailure() : new Error("something odd");
      const result = await act(context);
      await process.cross(`after ${name}`);
      return result;
    });
  const make = async (context: StepContext) => {
    const { id, source } = context.migration;
    const name = textOf(context.checkpoint, "name") ?? `db${Math.floor(random() * 1e9)}`;
    await context.saveCheckpoint({ name });
    await process.cross("before making a database");
    world.create(source.addonId, name, id);
    await process.cross("after making a database");
    if (!(await context.wasUndone())) return { output: { name } };
    world.drop(source.addonId, id);
    throw expired();
  };
  const drop = async ({ migration }: StepContext) => {
    await process.cross("before dropping a database");
    world.drop(migration.source.addonId, migration.id);
    await process.cross("after dropping a database");
    return {};
  };
  step("check", async () => ({}));
  step("provision", make);
  step("replicate", make);
  step("undo provision", drop);
  step("undo replicate", drop);
  step("gate", (context) => waitAtGate(context));
  step("fence", (context) => fence(parts, context));
  step("undo fence", async (context) => {
    const { migration } = context;
    await context.beginLift();
    await process.cross("before opening");
    world.open(migration.source.addonId, migration.id, now());
    await process.cross("after opening");
    return {};
  });
  step("copy", async (context) => {
    await build(parts, context);
    await context.clock.sleep(random() < 0.1 ? 30_000 : random() * 2_000, context.signal);
    return {};
  });
  step("drain", async (context) => {
    await build(parts, context);
    await context.clock.sleep(random() * 500, context.signal);
    if (random() < trouble() * 3)
      throw new SwitchReturned({ code: "slow", summary: "It was slow.", remedy: "" });
    return {};
  });
  step("switch", (context) => switchOver(parts, context));
  step("finish", async (context) => {
    const { id, source } = context.migration;
    const addon = world.addon(source.addonId);
    for (const name of addon.databases.keys()) if (name !== addon.usedBy) addon.closed.add(name);
    await context.beginLift();
    world.open(source.addonId, id, now());
    await process.cross("after opening");
    await context.liftFence();
    return { readOnlyUntil: context.clock.now() };
  });
  return Object.assign(scripted, {
    getAddon: async (id: string) => anAddon({ id, name: id }),
    listAddons: async () => [],
    unfence: async ({ migrationId, addonId }: Parameters<Provider["unfence"]>[0]) => {
      await process.cross("before opening");
      world.open(addonId, migrationId, now());
      await process.cross("after opening");
    },
  });
}

async function waitAtGate(context: StepContext): Promise<StepResult> {
  for (;;) {
    await context.openIfAbandoned();
    const gate = await context.gate();
    if (judgeGate(gate, NO_LAG, context.clock.now()).opens) return {};
    await context.clock.sleep(300, context.signal);
  }
}

async function fence(parts: Parts, context: StepContext): Promise<StepResult> {
  const planned = new Date(EPOCH + parts.now() + FENCE_LIMIT_MS).toISOString();
  const deadline = textOf(context.checkpoint, "deadline") ?? planned;
  await context.saveCheckpoint({ deadline });
  await context.recordFence({ undo: {}, deadline: new Date(deadline) });
  await build(parts, context, deadline);
  return { output: { deadline }, readOnlyFrom: context.clock.now() };
}

/** Builds the fence again where the process that had it died. */
async function build(parts: Parts, context: StepContext, deadline = deadlineOf(context)): Promise<void> {
  const { process, world, now } = parts;
  const { id, source } = context.migration;
  const until = new Date(deadline).getTime() - EPOCH;
  if (now() >= until) throw permanentFailure();
  await context.beginBuild();
  await process.cross("before fencing");
  world.fenceOff(source.addonId, { migrationId: id, since: now(), deadline: until });
  await process.cross("after fencing");
  if (await context.fenceStands()) return context.endBuild();
  // Whoever wakes up late has fenced a database that was opened meanwhile.
  world.open(source.addonId, id, now());
  await context.endBuild();
  throw expired();
}

function deadlineOf(context: StepContext): string {
  return textOf(context.outputOf("fence"), "deadline") ?? "";
}

async function switchOver(parts: Parts, context: StepContext): Promise<StepResult> {
  const { process, world, now } = parts;
  const { id, source, target } = context.migration;
  const made = context.outputOf(target.strategy === "dump" ? "provision" : "replicate");
  const name = textOf(made, "name") ?? "";
  const addon = world.addon(source.addonId);
  if (!context.migration.pivotPassed) {
    const deadline = new Date(deadlineOf(context)).getTime() - EPOCH;
    if (now() > deadline - MARGIN_MS) throw expired();
    await build(parts, context);
    await context.passPivot({ ...relocation(), addonId: source.addonId, database: name });
  }
  await process.cross("after the pivot");
  addon.usedBy = name;
  world.restart(source.addonId, context.idempotencyKey);
  await process.cross(`after restarting for ${id}`);
  return {};
}

function expired(): GodwitError {
  return new GodwitError({ code: "fence-expired", summary: "Too late.", remedy: "Try again." });
}

function textOf(stored: JsonObject | null, key: string): string | undefined {
  const value = stored?.[key];
  return typeof value === "string" ? value : undefined;
}
