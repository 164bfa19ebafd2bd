import type { Addon } from "../../src/core/addon.ts";
import { GodwitError } from "../../src/core/failure.ts";
import { money } from "../../src/core/money.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Provider } from "../../src/core/ports/provider.ts";
import type { PreflightReport } from "../../src/core/preflight.ts";
import { quoteMove } from "../../src/core/quote.ts";
import type { FenceRecord, Step, StepContext, StepHold, StepResult } from "../../src/core/step.ts";
import { ALLOWED } from "../../src/core/verdict.ts";

/** Makes a plan that states only what matters. */
export function aPlan(given: Partial<Plan> = {}): Plan {
  return {
    id: "pg-s",
    name: "S",
    engine: "postgresql",
    vcpus: 1,
    memoryBytes: 1024 ** 3,
    diskBytes: 10 * 1024 ** 3,
    connections: 75,
    shared: false,
    monthlyPrice: money(19.5, "EUR"),
    ...given,
  };
}

/** Makes an add-on that states only what matters. */
export function anAddon(given: Partial<Addon> = {}): Addon {
  return {
    id: "addon_orders",
    name: "orders",
    providerName: "scripted",
    engine: "postgresql",
    engineName: "PostgreSQL",
    version: "15",
    fullVersion: "15.18",
    plan: aPlan(),
    zone: "par",
    usedBytes: 1_000_000,
    linkedApplications: [{ id: "shop", name: "Shop" }],
    ...given,
  };
}

/** What a scripted step, or its undo under the name `undo step`, does; the default does nothing. */
export type Behaviour = (context: StepContext) => Promise<StepResult>;

/** A provider whose steps do what a test tells them, with a record of what happened. */
export interface ScriptedProvider extends Provider {
  readonly history: string[];
  readonly behaviours: Map<string, Behaviour>;
  readonly plans: Plan[];
  report: PreflightReport;
  addon: Addon;
}

export const STEP_NAMES = ["check", "provision", "fence", "copy", "switch", "finish"] as const;
/** Of migrations whose strategy is not `dump`. */
export const LIVE_STEP_NAMES = ["check", "replicate", "gate", "fence", "drain", "switch", "finish"] as const;

/** As a fleet's own steps of these names. */
const HOLDS: Readonly<Record<string, StepHold>> = { replicate: "stops", gate: "waits", fence: "ends" };

/** Makes a provider with one add-on and six steps, of which `switch` is the pivot. */
export function scriptedProvider(): ScriptedProvider {
  const history: string[] = [];
  const behaviours = new Map<string, Behaviour>();
  const scripted: ScriptedProvider = {
    name: "scripted",
    capabilities: { zones: true, cancel: true, revert: false },
    history,
    behaviours,
    plans: [aPlan(), aPlan({ id: "pg-m", name: "M", monthlyPrice: money(98, "EUR") })],
    report: noFindings(),
    addon: anAddon(),
    listAddons: async () => [{ ...scripted.addon, planName: scripted.addon.plan.name }],
    getAddon: async (id) => (id === scripted.addon.id ? scripted.addon : undefined),
    options: async () => ({
      plans: scripted.plans.map((value) => ({ value, verdict: ALLOWED })),
      versions: ["15", "18"].map((version) => ({ value: { version, label: version }, verdict: ALLOWED })),
      zones: [{ value: { id: "par", name: "Paris" }, verdict: ALLOWED }],
      strategies: (["dump", "live", "live-held"] as const).map((value) => ({ value, verdict: ALLOWED })),
    }),
    quote: async (addon, plan) => quoteMove(addon.plan, plan),
    preflight: async () => scripted.report,
    steps: ({ target }) =>
      (target.strategy === "dump" ? STEP_NAMES : LIVE_STEP_NAMES).map((name) =>
        scriptedStep(name, history, behaviours),
      ),
    unfence: async (fence: FenceRecord) => void history.push(`unfence ${fence.migrationId}`),
    outcome: async () => ({ applications: [], variables: [], oldKeptUntil: null }),
    sweep: async () => [],
    diagnose: async () => [],
    close: async () => undefined,
  };
  return scripted;
}

function scriptedStep(name: string, history: string[], behaviours: Map<string, Behaviour>): Step {
  return {
    name,
    title: name,
    pivot: name === "switch",
    ...(HOLDS[name] && { hold: HOLDS[name] }),
    timeoutMs: 60_000,
    async run(context) {
      history.push(`run ${name}`);
      return (await behaviours.get(name)?.(context)) ?? (await defaultEffect(name, context));
    },
    async undo(context) {
      history.push(`undo ${name}`);
      if (name === "fence") await context.beginLift();
      await behaviours.get(`undo ${name}`)?.(context);
      if (name === "fence") await context.liftFence();
    },
  };
}

async function defaultEffect(name: string, context: StepContext): Promise<StepResult> {
  if (name === "fence") {
    await context.recordFence({ undo: {}, deadline: new Date(Date.now() + 3_600_000) });
    return { readOnlyFrom: context.clock.now() };
  }
  if (name === "finish") return { readOnlyUntil: context.clock.now() };
  return {};
}

function noFindings(): PreflightReport {
  return {
    findings: [],
    estimate: { minSeconds: 10, maxSeconds: 20, source: "Guessed." },
    impact: { restarts: [], hardCoded: [], readOnlyUsersLost: [], retentionHours: 72 },
    checkedAt: "2026-01-01T00:00:00.000Z",
  };
}

/** A failure that is not worth repeating. */
export function permanentFailure(): GodwitError {
  return new GodwitError({ code: "disk-full", summary: "The disk is full.", remedy: "Ask support." });
}
