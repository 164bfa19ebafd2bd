import type { Addon } from "../../core/addon.ts";
import { judgePlan, judgeVersion } from "../../core/judge-upgrade.ts";
import type { Plan } from "../../core/plan.ts";
import type { DatabaseFacts, Engine } from "../../core/ports/engine.ts";
import type { MigrationOptions, Offer, VersionChoice, Zone } from "../../core/target.ts";
import { ALLOWED, refused, type Verdict } from "../../core/verdict.ts";
import { compareVersions } from "../../core/version.ts";
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
}

/** Judges everything that could be chosen for an add-on. Pure. */
export function offerOptions(input: OfferInput): MigrationOptions {
  return {
    plans: offerPlans(input),
    versions: offerVersions(input),
    zones: offerZones(input),
    strategies: input.engine.capabilities.strategies.map((strategy) => ({
      value: strategy,
      verdict: input.engine.judgeStrategy(strategy, input.facts),
    })),
  };
}

function offerPlans({ addon, plans, reached, engine }: OfferInput): Offer<Plan>[] {
  const own = plans.filter((plan) => plan.engine === addon.engine);
  return own.map((plan) => {
    const verdict = judgePlan(addon, plan);
    return { value: plan, verdict: verdict.allowed ? judgeHosts(addon, plan, { reached, engine }) : verdict };
  });
}

function judgeHosts(
  addon: Addon,
  plan: Plan,
  { reached, engine }: Pick<OfferInput, "reached" | "engine">,
): Verdict {
  if (reached.some((host) => offersPlan(host, plan.id) && isNewEnough(host, addon))) return ALLOWED;
  return refused({
    code: "plan-not-hosted",
    field: "plan",
    summary: `No server that answers offers ${plan.name} with ${engine.name} ${addon.version} or newer.`,
    remedy: "Pick another plan, or ask an operator to add it to a server in godwit.yaml.",
  });
}

/** Each version once, newest first, with the latest patch that a server of the plan runs. */
function offerVersions({ addon, reached, planId }: OfferInput): Offer<VersionChoice>[] {
  const patches = new Map<string, string>();
  for (const { facts } of reached.filter((host) => offersPlan(host, planId))) {
    const known = patches.get(facts.version);
    if (known === undefined || compareVersions(facts.fullVersion, known) > 0)
      patches.set(facts.version, facts.fullVersion);
  }
  const newestFirst = [...patches].sort(([left], [right]) => compareVersions(right, left));
  return newestFirst.map(([version, fullVersion]) => ({
    value: { version, label: version === fullVersion ? version : `${version} (${fullVersion})` },
    verdict: judgeVersion(addon, version),
  }));
}

function offerZones({ addon, servers, reached, planId, engine }: OfferInput): Offer<Zone>[] {
  const zones = new Set(servers.filter(({ plans }) => plans.includes(planId)).map(({ zone }) => zone));
  const isServed = (zone: string) =>
    reached.some((host) => host.server.zone === zone && offersPlan(host, planId) && isNewEnough(host, addon));
  return [...zones].map((zone) => ({
    value: { id: zone, name: zone },
    verdict: isServed(zone) ? ALLOWED : notServed(zone, addon, engine),
  }));
}

function notServed(zone: string, addon: Addon, engine: Engine): Verdict {
  return refused({
    code: "zone-not-served",
    field: "zone",
    summary: `No server in zone ${zone} that answers offers this plan with ${engine.name} ${addon.version} or newer.`,
    remedy: "Pick another zone or plan.",
  });
}

function offersPlan({ server }: ReachedServer, planId: string): boolean {
  return server.plans.includes(planId);
}

function isNewEnough({ facts }: ReachedServer, addon: Addon): boolean {
  return compareVersions(facts.version, addon.version) >= 0;
}
