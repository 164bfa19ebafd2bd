import { createFailureSwitch } from "../../playground/faults/forced-failure.ts";
import { createHoldSwitch } from "../../playground/faults/held-step.ts";
import { withSlowAnswers } from "../../playground/faults/with-slow-answers.ts";
import { withStepFaults } from "../../playground/faults/with-step-faults.ts";
import { createApp, type Role } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { watchCrashPoints } from "../../src/core/crash-point.ts";
import type { Provider } from "../../src/core/ports/provider.ts";
import { engineCapabilities } from "../../src/engines/index.ts";
import { createLog } from "../../src/log.ts";

/** What the test tells this process while it runs. */
export interface Orders {
  /** The step that fails after its work; null for none. */
  readonly failAt?: string | null;
  /** The step that stops after its work until other orders come; null for none. What is held now goes on. */
  readonly holdAt?: string | null;
  /** Where this process kills itself from now on. */
  readonly dieAt?: string;
}

/** What this process tells the test. */
export type Report = { readonly kind: "started" } | { readonly kind: "holding"; readonly step: string };

/** Short, so that a killed worker is followed within seconds. */
const TIMINGS = {
  leaseMs: Number(process.env["LEASE_MS"] ?? 2_000),
  heartbeatMs: 250,
  sweepMs: 250,
  progressMs: 400,
  retryMs: 50,
};

/** The local platforms limit nothing unless a story says so, and it is the stories' words that are waited for. */
const PACE_SHARE = Number(process.env["PACE_SHARE"] ?? 0.1);

const tell = (report: Report) => process.send?.(report);
const failure = createFailureSwitch();
failure.failAt = process.env["FAIL_AT"] || null;
const hold = createHoldSwitch((step) => tell({ kind: "holding", step }));
hold.holdAt(process.env["HOLD_AT"] || null);

/** Where this process kills itself, as by SIGKILL from outside: nothing is flushed, closed or handed back. */
let dieAt = process.env["DIE_AT"];
watchCrashPoints((point) => {
  if (point === dieAt) process.kill(process.pid, "SIGKILL");
});

process.on("message", (orders: Orders) => {
  if (orders.failAt !== undefined) failure.failAt = orders.failAt;
  if (orders.holdAt !== undefined) hold.holdAt(orders.holdAt);
  if (orders.dieAt !== undefined) dieAt = orders.dieAt;
});

/** Wraps the provider with what the journeys need: failing, holding and slow answers. */
function wrapProvider(provider: Provider): Provider {
  const slow = withSlowAnswers(provider, Number(process.env["SLOW_MS"] ?? 0));
  const faulty = withStepFaults(slow, async (moment, step, context) => {
    await failure.hook(moment, step, context);
    await hold.hook(moment, step, context);
  });
  const stuck = process.env["FAIL_UNDO_AT"];
  return stuck === undefined ? faulty : withStuckUndo(faulty, stuck);
}

/** What this step did cannot be taken back, so that support is called while the fence still stands. */
function withStuckUndo(provider: Provider, name: string): Provider {
  const undo = () => Promise.reject(new Error("the undo was made to fail"));
  const steps: Provider["steps"] = (migration) =>
    provider.steps(migration).map((step) => (step.name === name ? { ...step, undo } : step));
  return { ...provider, steps };
}

const folder = process.env["GODWIT_FOLDER"] ?? process.cwd();
const config = await loadConfig({ environment: process.env, folder, engines: engineCapabilities });
const app = await createApp({
  config,
  log: createLog(config.logLevel),
  folder,
  timings: TIMINGS,
  outbox: { claimMs: 15_000, callMs: 11_000, paceShare: PACE_SHARE },
  wrapProvider,
});
await app.start((process.env["ROLES"] ?? "bot,worker").split(",") as Role[]);
tell({ kind: "started" });

const end = () => void app.stop().then(() => process.exit(0));
process.once("SIGTERM", end);
process.once("disconnect", end);
