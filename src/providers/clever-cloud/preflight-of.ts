import type { PreflightReport } from "../../core/preflight.ts";
import type { MigrationOptions, Target } from "../../core/target.ts";
import { offerOptions } from "./offer-options.ts";
import type { Platform } from "./platform.ts";
import { runPreflight } from "./preflight/run-preflight.ts";
import type { AddonFacts } from "./read-addon.ts";
import { type PlanFacts, readPlan } from "./read-plan.ts";

/** What may be chosen for an add-on, with every plan of its kind. */
export interface Offered {
  readonly options: MigrationOptions;
  readonly plans: readonly PlanFacts[];
}

/** Reads what the platform offers for an add-on; versions and zones are those of `planId`. */
export async function offersFor(
  { catalogue }: Pick<Platform, "catalogue">,
  facts: AddonFacts,
  { planId, signal }: { readonly planId: string; readonly signal: AbortSignal },
): Promise<Offered> {
  const { addon, kind } = facts;
  const [product, versions, zones, prices] = await Promise.all([
    catalogue.product(kind.providerId, signal),
    catalogue.versions(kind.providerId, signal),
    catalogue.zones(signal),
    catalogue.prices(addon.zone, signal),
  ]);
  const plans = product.plans.map((plan) => readPlan(kind, plan, prices));
  const options = offerOptions({ addon, kind, now: facts.plan, plans, product, versions, zones, planId });
  return { options, plans };
}

/** Preflight of an add-on that was just read. */
export async function preflightOf(
  platform: Platform,
  facts: AddonFacts,
  { target, signal }: { readonly target: Target; readonly signal: AbortSignal },
): Promise<PreflightReport> {
  const { options, plans } = await offersFor(platform, facts, { planId: target.planId, signal });
  const targetPlan = plans.find(({ plan }) => plan.id === target.planId);
  return runPreflight(platform, { facts, options, targetPlan, target, signal });
}
