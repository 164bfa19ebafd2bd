import { formatDuration } from "../../../core/format.ts";
import type { Finding, PreflightReport } from "../../../core/preflight.ts";
import type { MigrationOptions, Offer, Target } from "../../../core/target.ts";
import type { ApiDetails, ApiVariable, PlatformMigration } from "../api/schemas.ts";
import { isUnsure } from "../judge-plan.ts";
import { estimateWindow } from "../past-runs.ts";
import { isOver } from "../phases.ts";
import type { Platform } from "../platform.ts";
import type { AddonFacts } from "../read-addon.ts";
import type { PlanFacts } from "../read-plan.ts";
import { whereaboutsOf } from "./find-hard-coded.ts";
import { isStopped, judgeApplications } from "./judge-applications.ts";
import { judgeEngine } from "./judge-engine.ts";
import { judgeZone } from "./judge-zone.ts";

/** An add-on younger than this cannot be migrated, and nothing says when it can (Terraform's own test waits too). */
const SETTLED_MS = 5 * 60_000;

/** What preflight looks at. */
export interface PreflightInput {
  readonly facts: AddonFacts;
  readonly options: MigrationOptions;
  /** Undefined when the platform has no such plan. */
  readonly targetPlan: PlanFacts | undefined;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** Looks for everything that could go wrong with a migration, without changing anything. */
export async function runPreflight(platform: Platform, input: PreflightInput): Promise<PreflightReport> {
  const { facts, target, signal } = input;
  const { api, catalogue, clock } = platform;
  const { id } = facts.given;
  const [migrations, variables, linked, zones] = await Promise.all([
    api.migrations(id, signal),
    api.variables(id, signal),
    api.linkedApplications(id, signal),
    catalogue.zones(signal),
  ]);
  const old = whereaboutsOf(variables);
  const applications = await judgeApplications(platform, linked, { old, zone: target.zone, signal });
  const findings = [
    ...judgeChoice(input),
    ...judgeMoment(facts, migrations, clock.now()),
    ...judgeEngine(facts, target.version),
    ...judgeZone(facts.addon.zone, target.zone, zones),
    ...judgeAccess(variables),
    ...judgeKnowledge(input),
    ...applications.findings,
    unlinked,
  ];
  const impact = {
    restarts: linked.filter((application) => !isStopped(application)).map(({ id, name }) => ({ id, name })),
    hardCoded: applications.hardCoded,
    readOnlyUsersLost: facts.kind.carriesReadOnlyUsers ? [] : usersOf(facts.details),
    retentionHours: 0,
  };
  return { findings, estimate: estimateWindow(migrations), impact, checkedAt: clock.now().toISOString() };
}

/** What the form would refuse blocks here too: a draft may be days old. */
function judgeChoice({ options, target }: PreflightInput): Finding[] {
  const { plans, versions, zones } = options;
  return [
    judge(plans, ({ id }) => id === target.planId, `There is no plan ${target.planId} for this add-on.`),
    judge(
      versions,
      ({ version }) => version === target.version,
      `There is no version ${target.version} for this plan.`,
    ),
    judge(zones, ({ id }) => id === target.zone, `This plan is not offered in zone ${target.zone}.`),
  ].flat();
}

function judge<T>(offers: readonly Offer<T>[], isChosen: (value: T) => boolean, unknown: string): Finding[] {
  const offer = offers.find(({ value }) => isChosen(value));
  if (offer === undefined)
    return [
      { check: "not-offered", level: "blocker", summary: unknown, remedy: "Pick another with /db migrate." },
    ];
  if (offer.verdict.allowed) return [];
  const { code, summary, remedy } = offer.verdict.refusal;
  return [{ check: code, level: "blocker", summary, remedy }];
}

function judgeMoment(
  { given, addon }: AddonFacts,
  migrations: readonly PlatformMigration[],
  now: Date,
): Finding[] {
  const ageMs = now.getTime() - given.creationDate;
  const running = migrations.find((migration) => !isOver(migration));
  const fresh: Finding = {
    check: "addon-fresh",
    level: "blocker",
    summary: `${addon.name} was made ${formatDuration(ageMs)} ago, and Clever Cloud does not migrate an add-on that is that new.`,
    remedy: `Press Check again in ${formatDuration(SETTLED_MS - ageMs)}.`,
  };
  const busy: Finding = {
    check: "migration-running",
    level: "blocker",
    summary: `Clever Cloud is migrating ${addon.name} already: ${running?.migrationId}, which no migration of Godwit follows.`,
    remedy: "Follow it in the console, then press Check again.",
  };
  return [...(ageMs < SETTLED_MS ? [fresh] : []), ...(running ? [busy] : [])];
}

function judgeAccess(variables: readonly ApiVariable[]): Finding[] {
  const names = variables.map(({ name }) => name).filter((name) => /_DIRECT_(HOST|PORT)$/.test(name));
  if (names.length === 0) return [];
  return [
    {
      check: "direct-access-lost",
      level: "warning",
      summary: `The direct host and port (${names.join(", ")}) are lost.`,
      remedy: "Generate them anew in the console when the migration is over, and tell whoever uses them.",
    },
  ];
}

function judgeKnowledge({ facts, targetPlan }: PreflightInput): Finding[] {
  const sizes: Finding = {
    check: "sizes-not-checked",
    level: "info",
    summary: `Clever Cloud does not tell all sizes of ${facts.addon.plan.name} and ${targetPlan?.plan.name}; they were not compared.`,
  };
  const price: Finding = {
    check: "price-not-checked",
    level: "warning",
    summary: `Clever Cloud's price system does not know ${facts.addon.plan.name}, so its present price may be outdated.`,
    remedy: "Compare it with the last invoice.",
  };
  const isUnsized = targetPlan !== undefined && isUnsure(facts.plan, targetPlan);
  return [
    ...(isUnsized ? [sizes] : []),
    ...(facts.plan.isPriced ? [] : [price]),
    ...(facts.plan.isListPrice ? [listPrices] : []),
  ];
}

const listPrices: Finding = {
  check: "list-prices",
  level: "warning",
  summary:
    "Clever Cloud does not let Godwit read the prices of this organisation: the amounts are those of its public list.",
  remedy: "Give Godwit's user the right to see the organisation's bills, or compare with your contract.",
};

const unlinked: Finding = {
  check: "unlinked-users",
  level: "info",
  summary: "Only linked applications follow. Whatever else connects to this database keeps the old address.",
};

function usersOf(details: ApiDetails | undefined): string[] {
  return (details?.read_only_users ?? []).map((name, index) => name ?? `read-only user ${index + 1}`);
}
