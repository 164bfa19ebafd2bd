import type { Addon } from "../../core/addon.ts";
import { GodwitError } from "../../core/failure.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Engine } from "../../core/ports/engine.ts";
import type { FleetAddon, FleetStore } from "../../core/ports/fleet.ts";
import type { Log } from "../../core/ports/log.ts";
import type { Provider, SweepNews } from "../../core/ports/provider.ts";
import { quoteMove } from "../../core/quote.ts";
import type { MigrationOptions } from "../../core/target.ts";
import { adoptOnce } from "./adopt-addons.ts";
import { reachServers, withoutOccupied } from "./choose-server.ts";
import type { SelfHostedConfig } from "./config.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { diagnoseFleet } from "./diagnose-fleet.ts";
import { createFenceHolds } from "./fence-holds.ts";
import type { Fleet } from "./fleet.ts";
import { leftBehind } from "./left-behind.ts";
import { findEngine } from "./location.ts";
import { offerOptions } from "./offer-options.ts";
import { planRevert } from "./plan-revert.ts";
import { inspectAddon, readAddon, summarizeAddon } from "./read-addon.ts";
import { runPreflight } from "./run-preflight.ts";
import { createServerReach } from "./server-reach.ts";
import { createSteps } from "./steps/index.ts";
import { sweepFollowing } from "./sweep-following.ts";
import { sweepRetired } from "./sweep-retired.ts";
import { takeFenceAway } from "./take-fence-away.ts";

/** What a fleet needs from outside. */
export interface SelfHostedDependencies {
  readonly engines: Readonly<Record<string, Engine>>;
  readonly fleet: FleetStore;
  readonly log: Log;
  readonly clock: Clock;
  /** This many unpredictable bytes, for names and passwords. */
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Makes the provider for a fleet of servers that Godwit administers itself. Connects to nothing yet. */
export function createSelfHostedProvider(
  config: SelfHostedConfig,
  dependencies: SelfHostedDependencies,
): Provider {
  const fleet = assemble(config, dependencies);
  const adopted = adoptOnce(fleet);
  const steps = createSteps(fleet);
  return {
    name: config.name,
    capabilities: { zones: true, cancel: true, revert: true },
    async listAddons(signal) {
      await adopted();
      const records = await fleet.store.addons(config.name);
      return await Promise.all(records.map((record) => summarizeAddon(fleet, record, signal)));
    },
    async getAddon(addonId, signal) {
      await adopted();
      const record = await fleet.store.addon(config.name, addonId);
      return record && (await readAddon(fleet, record, signal));
    },
    options: async (addon, planId, signal) => await options(fleet, addon, { planId, signal }),
    quote: async (addon, plan) => quoteMove(addon.plan, plan),
    async preflight(addon, target, signal) {
      const record = await recordOf(fleet, addon.id);
      return await runPreflight(fleet, { record, addon, target, signal });
    },
    planRevert: (done, options) => planRevert(fleet, done, options),
    maintenance: (addonId) =>
      config.addons.find(({ id }) => id === addonId)?.maintenance ?? config.maintenance ?? null,
    steps,
    unfence: (fence, signal) => takeFenceAway(fleet, fence, signal),
    outcome: (migration) => describeOutcome(fleet, migration),
    leftBehind: (_, records) => leftBehind(records),
    sweep: (now, signal) => keepHouse(fleet, now, signal),
    diagnose: (signal) => diagnoseFleet(fleet, signal),
    close: () => fleet.holds.releaseAll(),
  };
}

function assemble(config: SelfHostedConfig, dependencies: SelfHostedDependencies): Fleet {
  const { fleet: store, log, clock, engines, randomBytes } = dependencies;
  const servers = createServerReach(clock);
  const holds = createFenceHolds();
  return {
    config,
    engines,
    store,
    servers,
    holds,
    log: log.child({ provider: config.name }),
    clock,
    randomBytes,
  };
}

async function keepHouse(fleet: Fleet, now: Date, signal: AbortSignal): Promise<readonly SweepNews[]> {
  const ended = await sweepFollowing(fleet, signal);
  return [...ended, ...(await sweepRetired(fleet, now, signal))];
}

async function options(
  fleet: Fleet,
  addon: Addon,
  { planId, signal }: { readonly planId: string | undefined; readonly signal: AbortSignal },
): Promise<MigrationOptions> {
  const record = await recordOf(fleet, addon.id);
  const [facts, reached, past] = await Promise.all([
    inspectAddon(fleet, record, signal),
    reachServers(fleet, addon.engine, { signal }),
    fleet.store.measurements(fleet.config.name, addon.engine),
  ]);
  return offerOptions({
    addon,
    facts,
    reached: await withoutOccupied(fleet, reached),
    past,
    engine: findEngine(fleet, addon.engine),
    planId: planId ?? addon.plan.id,
    plans: fleet.config.plans,
    servers: fleet.config.servers.filter(({ engine }) => engine === addon.engine),
  });
}

async function recordOf(fleet: Fleet, addonId: string): Promise<FleetAddon> {
  const record = await fleet.store.addon(fleet.config.name, addonId);
  if (record !== undefined) return record;
  throw new GodwitError({
    code: "unknown-addon",
    summary: `Godwit does not know the add-on ${addonId}.`,
    remedy: "Pick another one with /db list.",
  });
}
