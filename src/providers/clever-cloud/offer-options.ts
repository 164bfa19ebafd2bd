import type { Addon } from "../../core/addon.ts";
import { judgeVersion } from "../../core/judge-upgrade.ts";
import type { MigrationOptions, Offer, VersionChoice, Zone } from "../../core/target.ts";
import { ALLOWED, refused, type Verdict } from "../../core/verdict.ts";
import { compareVersions } from "../../core/version.ts";
import type { ApiProduct, ApiVersions, ApiZone } from "./api/schemas.ts";
import { zoneName } from "./catalogue.ts";
import { judgePlan } from "./judge-plan.ts";
import type { Kind } from "./kinds.ts";
import { UNKNOWN_VERSION } from "./read-addon.ts";
import type { PlanFacts } from "./read-plan.ts";

/** Everything that the offer is made of. */
export interface OfferInput {
  readonly addon: Addon;
  readonly kind: Kind;
  /** The plan that the add-on has. */
  readonly now: PlanFacts;
  /** All plans of the kind, priced in the add-on's zone. */
  readonly plans: readonly PlanFacts[];
  readonly product: ApiProduct;
  readonly versions: ApiVersions | undefined;
  readonly zones: readonly ApiZone[];
  /** The plan whose versions and zones are asked for. */
  readonly planId: string;
}

const ASK_SUPPORT = "Ask Clever Cloud's support with the add-on ID.";

/** Judges everything that could be chosen for an add-on. Pure. */
export function offerOptions(input: OfferInput): MigrationOptions {
  const chosen = input.plans.find(({ plan }) => plan.id === input.planId) ?? input.now;
  return {
    plans: offerPlans(input),
    versions: offerVersions(input, chosen),
    zones: offerZones(input, chosen),
    strategies: [{ value: "dump", verdict: ALLOWED }],
  };
}

/** Plans that are offered nowhere are left out, except for the one that the add-on has. */
function offerPlans({ now, plans, product, kind }: OfferInput): MigrationOptions["plans"] {
  const isOpen = product.canUpgrade !== false || !kind.movesFreely;
  const shown = plans.filter(({ plan, zones }) => zones.length > 0 || plan.id === now.plan.id);
  const all = shown.some(({ plan }) => plan.id === now.plan.id) ? shown : [{ ...now, zones: [] }, ...shown];
  return all
    .toSorted((left, right) => left.plan.monthlyPrice.minorUnits - right.plan.monthlyPrice.minorUnits)
    .map((facts) => ({
      value: facts.plan,
      verdict: isOpen ? judgePlan(now, facts) : closed(kind),
    }));
}

/** Each version once, newest first; a shared plan has the version of its zone's cluster. */
function offerVersions(input: OfferInput, chosen: PlanFacts): Offer<VersionChoice>[] {
  const { addon, versions } = input;
  const offered = versionsOf(versions, chosen, addon);
  const all = [...new Set([...offered, addon.version])].sort((left, right) => compareVersions(right, left));
  return all.map((version) => ({
    value: { version, label: version },
    verdict: judgeOffered(input, version, { chosen, offered }),
  }));
}

interface Offering {
  readonly chosen: PlanFacts;
  readonly offered: readonly string[];
}

/** What stands for a version that is not told is no version to order. */
function judgeOffered(input: OfferInput, version: string, { chosen, offered }: Offering): Verdict {
  if (version === UNKNOWN_VERSION) return untold(input.addon);
  return offered.includes(version) ? judgeMove(input, version) : gone(input.addon, version, chosen);
}

function versionsOf(
  versions: ApiVersions | undefined,
  { plan }: PlanFacts,
  { zone, version }: Addon,
): string[] {
  if (versions === undefined) return [version];
  const clusters = (versions.clusters ?? []).filter((cluster) => cluster.zone === zone);
  if (plan.shared && clusters.length > 0)
    return [...new Set(clusters.map((cluster) => String(cluster.version)))];
  const dedicated = Object.keys(versions.dedicated ?? {});
  return dedicated.length === 0 ? [version] : dedicated;
}

function judgeMove({ addon, kind }: OfferInput, version: string): Verdict {
  const verdict = judgeVersion(addon, version);
  if (!verdict.allowed || kind.movesFreely || majorOf(version) === majorOf(addon.version)) return verdict;
  const summary = `${kind.engineName} moves to another major version through Clever Cloud's support only.`;
  return refused({ code: "version-by-support", field: "version", summary, remedy: ASK_SUPPORT });
}

function offerZones({ addon, kind, zones, now }: OfferInput, chosen: PlanFacts): Offer<Zone>[] {
  const offered = chosen.zones;
  const all = offered.includes(addon.zone) ? offered : [addon.zone, ...offered];
  return all
    .filter((zone) => zone === addon.zone || isPublic(zone, zones) || now.zones.includes(zone))
    .map((zone) => ({
      value: { id: zone, name: zoneName(zone, zones) },
      verdict: offered.includes(zone) ? judgeZone(addon, kind, zone) : notThere(zone, chosen),
    }));
}

function judgeZone(addon: Addon, kind: Kind, zone: string): Verdict {
  if (zone === addon.zone || kind.movesFreely) return ALLOWED;
  const summary = `${kind.engineName} moves to another zone through Clever Cloud's support only.`;
  return refused({ code: "zone-by-support", field: "zone", summary, remedy: ASK_SUPPORT });
}

function isPublic(zone: string, zones: readonly ApiZone[]): boolean {
  const tags = zones.find(({ name }) => name === zone)?.tags ?? [];
  return !tags.includes("scope:private");
}

function notThere(zone: string, { plan }: PlanFacts): Verdict {
  const summary = `${plan.name} is not offered in zone ${zone}.`;
  return refused({ code: "plan-not-in-zone", field: "zone", summary, remedy: "Pick another zone or plan." });
}

function gone(addon: Addon, version: string, { plan }: PlanFacts): Verdict {
  const older = judgeVersion(addon, version);
  if (!older.allowed) return older;
  const summary = `Clever Cloud does not offer ${addon.engineName} ${version} with ${plan.name} any more.`;
  return refused({ code: "version-gone", field: "version", summary, remedy: "Pick a newer version." });
}

function untold({ name, engineName }: Addon): Verdict {
  const summary = `Clever Cloud does not tell which version of ${engineName} ${name} runs, so Godwit cannot ask for it.`;
  return refused({ code: "version-unknown", field: "version", summary, remedy: ASK_SUPPORT });
}

function closed(kind: Kind): Verdict {
  const summary = `Clever Cloud lets nobody migrate ${kind.engineName} without its support.`;
  return refused({ code: "not-migratable", field: "plan", summary, remedy: ASK_SUPPORT });
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? version;
}
