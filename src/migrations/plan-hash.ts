import { createHash } from "node:crypto";
import { isCarriedOver } from "../core/loss.ts";
import type { MigrationRequest } from "../core/migration.ts";

/**
 * Hash of what a person sees before confirming: from where to where, the price, what stands in the way and
 * what will break. The size on disk is left out, since it changes by itself while an application writes.
 */
export function planHash(request: Omit<MigrationRequest, "planHash">): string {
  const { source, target, targetPlan, quote, preflight, schedule } = request;
  const seen = [
    [source.addonId, source.plan.id, source.version, source.zone],
    [target.planId, target.version, target.zone, target.strategy],
    [targetPlan.memoryBytes, targetPlan.diskBytes, targetPlan.connections],
    [quote.before, quote.after].map((price) => [price.minorUnits, price.currency]),
    preflight.findings.filter(({ level }) => level !== "info").map(({ check, level }) => [check, level]),
    preflight.impact.readOnlyUsersLost,
    ...(isCarriedOver(preflight.loss) ? ["carried-over"] : []),
    ...(schedule ? [[schedule.kind, schedule.notBefore]] : []),
    preflight.impact.hardCoded.map(({ application, variable }) => [application.id, variable]),
  ];
  return createHash("sha256").update(JSON.stringify(seen)).digest("hex");
}
