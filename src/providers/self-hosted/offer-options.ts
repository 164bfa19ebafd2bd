import type { Addon } from "../../core/addon.ts";
import { judgePlan } from "../../core/judge-upgrade.ts";
import type { Plan } from "../../core/plan.ts";
import type { DatabaseFacts, Engine, PastRun } from "../../core/ports/engine.ts";
import {
  type MigrationOptions,
  type Offer,
  type Strategy,
  type StrategyChoice,
  strategyOf,
  type VersionChoice,
  type Zone,
} from "../../core/target.ts";
import { ALLOWED, refused, type Verdict } from "../../core/verdict.ts";
import { compareVersions, namedVersion } from "../../core/version.ts";
import type { ReachedServer } from "./choose-server.ts";
import type { ServerConfig } from "./config.ts";

/** Everything that the offer is made of. */
export interface OfferInput {
  readonly addon: Addon;
  readonly facts: DatabaseFacts;
  readonly engine: Engine;
  /** The plan whose versions and zones are asked for. */
  readonly planId: string;
  readonly plans: readonly Plan[];
  /** All servers of the engine, and those that answer. */
  readonly servers: readonly ServerConfig[];
  readonly reached: readonly ReachedServer[];
  /** What past migrations of the fleet measured. */
  readonly past: readonly PastRun[];
}

/** Judges everything that could be chosen for an add-on. Pure. */
export function offerOptions(input: OfferInput): MigrationOptions {
  return {
    plans: offerPlans(input),
    versions: offerVersions(input),
    zones: offerZones(input),
    strategies: offerStrategies(input),
  };
}

/** Seconds of read-only time that it takes to make a replication worth its longer way. */
const WORTH_SECONDS = 10;

/** The one with the smaller window stands first; a few seconds less are not worth a replication. */
function offerStrategies({ engine, facts, past }: OfferInput): Offer<StrategyChoice>[] {
  const offers = engine.capabilities.strategies.flatMap((strategy) => {
    const verdict = engine.judgeStrategy(strategy, facts);
    const choices: StrategyChoice[] = strategy === "live" ? ["live", "live-held"] : [strategy];
    return choices.map((value) => ({ value, verdict }));
  });
  const seconds = (strategy: Strategy) => engine.estimate(facts, past, strategy).maxSeconds;
  const isWorth = offers.length > 1 && seconds("live") + WORTH_SECONDS < seconds("dump");
  const rank = ({ value }: Offer<StrategyChoice>) => (strategyOf(value) === "live" ? 0 : 1);
  return isWorth ? offers.sort((one, other) => rank(one) - rank(other)) : offers;
}

function offerPlans({ addon, plans, reached, engine }: OfferInput): Offer<Plan>[] {
  const own = plans.filter((plan) => plan.engine === addon.engine);
  return own.map((plan) => {
    const verdict = judgePlan(addon, plan, engine.capabilities.residence);
    return { value: plan, verdict: verdict.allowed ? judgeHosts(addon, plan, { reached, engine }) : verdict };
  });
}

function judgeHosts(
  addon: Addon,
  plan: Plan,
  { reached, engine }: Pick<OfferInput, "reached" | "engine">,
): Verdict {
  if (reached.some((host) => offersPlan(host, plan.id) && isNewEnough(host, { addon, engine })))
    return ALLOWED;
  return refused({
    code: "plan-not-hosted",
    field: "plan",
    summary: `No server that answers offers ${plan.name} with ${namedVersion(engine.name, addon.version)} or newer.`,
    remedy: "Pick another plan, or ask an operator to add it to a server in godwit.yaml.",
  });
}

/** Each version once, newest first, with the latest patch that a server of the plan runs. */
function offerVersions({ addon, reached, planId, engine }: OfferInput): Offer<VersionChoice>[] {
  const patches = new Map<string, string>();
  for (const { facts } of reached.filter((host) => offersPlan(host, planId))) {
    const known = patches.get(facts.version);
    if (known === undefined || compareVersions(facts.fullVersion, known) > 0)
      patches.set(facts.version, facts.fullVersion);
  }
  const { compare, judge } = engine.capabilities.versions;
  const newestFirst = [...patches].sort(([left], [right]) => compare(right, left));
  return newestFirst.map(([version, fullVersion]) => ({
    value: { version, label: version === fullVersion ? version : `${version} (${fullVersion})` },
    verdict: judge(addon, version),
  }));
}

function offerZones({ addon, servers, reached, planId, engine }: OfferInput): Offer<Zone>[] {
  const zones = new Set(servers.filter(({ plans }) => plans.includes(planId)).map(({ zone }) => zone));
  const isServed = (zone: string) =>
    reached.some(
      (host) => host.server.zone === zone && offersPlan(host, planId) && isNewEnough(host, { addon, engine }),
    );
  return [...zones].map((zone) => ({
    value: { id: zone, name: zone },
    verdict: isServed(zone) ? ALLOWED : notServed(zone, addon, engine),
  }));
}

function notServed(zone: string, addon: Addon, engine: Engine): Verdict {
  return refused({
    code: "zone-not-served",
    field: "zone",
    summary: `No server in zone ${zone} that answers offers this plan with ${namedVersion(engine.name, addon.version)} or newer.`,
    remedy: "Pick another zone or plan.",
  });
}

function offersPlan({ server }: ReachedServer, planId: string): boolean {
  return server.plans.includes(planId);
}

function isNewEnough(
  { facts }: ReachedServer,
  { addon, engine }: { readonly addon: Addon; readonly engine: Engine },
): boolean {
  return engine.capabilities.versions.judge(addon, facts.version).allowed;
}
