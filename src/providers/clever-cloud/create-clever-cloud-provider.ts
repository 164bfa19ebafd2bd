import type { Addon } from "../../core/addon.ts";
import { GodwitError } from "../../core/failure.ts";
import type { Plan } from "../../core/plan.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { FleetStore } from "../../core/ports/fleet.ts";
import type { Log } from "../../core/ports/log.ts";
import type { Provider } from "../../core/ports/provider.ts";
import { type Quote, quoteMove } from "../../core/quote.ts";
import type { Target } from "../../core/target.ts";
import { createApi } from "./api/client.ts";
import { createCatalogue } from "./catalogue.ts";
import type { CleverCloudConfig } from "./config.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { diagnose } from "./diagnose.ts";
import { isAddonId, kindOfEngine } from "./kinds.ts";
import type { Platform } from "./platform.ts";
import { offersFor, preflightOf } from "./preflight-of.ts";
import { type AddonFacts, createVersionReader, findAddon, listAddons, readAddon } from "./read-addon.ts";
import { readPlan } from "./read-plan.ts";
import { createRedeployment } from "./redeployment.ts";
import { createSteps } from "./steps/index.ts";

/** What the provider needs from outside. */
export interface CleverCloudDependencies {
  readonly fleet: Pick<FleetStore, "stepOutput">;
  readonly log: Log;
  readonly clock: Clock;
  /** This many unpredictable bytes, for nonces and jitter. */
  readonly randomBytes: (count: number) => Uint8Array;
}

const PRICE_MS = 20_000;

/** Makes the provider for an organisation at Clever Cloud. Connects to nothing yet. */
export function createCleverCloudProvider(
  config: CleverCloudConfig,
  dependencies: CleverCloudDependencies,
): Provider {
  const platform = assemble(config, dependencies);
  const [steps, versionOf] = [createSteps(platform), createVersionReader(platform)];
  return {
    name: config.name,
    maintenance: () => config.maintenance ?? null,
    capabilities: { zones: true, cancel: true, revert: false },
    listAddons: (signal) => listAddons(platform, versionOf, signal),
    async getAddon(addonId, signal) {
      signal.throwIfAborted();
      if (!isAddonId(addonId)) return undefined;
      const owned = await findAddon(platform, addonId, signal);
      return owned && (await readAddon(platform, owned, signal)).addon;
    },
    async options(addon, planId = addon.plan.id, signal) {
      const facts = await factsOf(platform, addon, signal);
      return (await offersFor(platform, facts, { planId, signal })).options;
    },
    quote: (addon, plan, target) => quote(platform, addon, { plan, target }),
    async preflight(addon, target, signal) {
      return preflightOf(platform, await factsOf(platform, addon, signal), { target, signal });
    },
    steps: () => steps,
    // The platform's own fence is the platform's to take away.
    unfence: async () => undefined,
    redeployment: createRedeployment(platform),
    outcome: (migration) => describeOutcome(platform, migration),
    sweep: async () => [],
    diagnose: (signal) => diagnose(platform, signal),
    close: async () => undefined,
  };
}

function assemble(config: CleverCloudConfig, dependencies: CleverCloudDependencies): Platform {
  const { fleet: store, clock, randomBytes } = dependencies;
  const log = dependencies.log.child({ provider: config.name });
  const api = createApi(config, { clock, log, randomBytes });
  return { config, api, catalogue: createCatalogue(api, clock), store, log, clock, randomBytes };
}

async function factsOf(platform: Platform, addon: Addon, signal: AbortSignal): Promise<AddonFacts> {
  const owned = await findAddon(platform, addon.id, signal);
  if (owned !== undefined) return readAddon(platform, owned, signal);
  throw new GodwitError({
    code: "unknown-addon",
    summary: `Clever Cloud does not know the add-on ${addon.name} any more.`,
    remedy: "Pick another one with /db list.",
  });
}

/** Prices differ by zone: a plan is priced where the database will be. */
async function quote(
  { catalogue }: Platform,
  addon: Addon,
  { plan, target }: { readonly plan: Plan; readonly target: Target },
): Promise<Quote> {
  if (target.zone === addon.zone) return quoteMove(addon.plan, plan);
  const signal = AbortSignal.timeout(PRICE_MS);
  const kind = kindOfEngine(addon.engine);
  const [{ plans }, prices] = await Promise.all([
    catalogue.product(kind.providerId, signal),
    catalogue.prices(target.zone, signal),
  ]);
  const given = plans.find(({ id }) => id === plan.id);
  return quoteMove(addon.plan, given === undefined ? plan : readPlan(kind, given, prices).plan);
}
