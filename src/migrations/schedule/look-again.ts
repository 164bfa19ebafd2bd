import type { Migration, MigrationRequest } from "../../core/migration.ts";
import { isSameMoney } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import type { Finding, HardCodedVariable, Impact } from "../../core/preflight.ts";
import type { Refusal } from "../../core/verdict.ts";
import type { Dependencies } from "../dependencies.ts";
import { findAddon } from "../find-addon.ts";
import { orRefused } from "../or-refused.ts";
import { draftOf } from "../submit-request.ts";

/** A scheduled migration as it would be asked for now. Rejects for what nobody can understand. */
export async function lookAgain(
  deps: Dependencies,
  migration: Migration,
  signal: AbortSignal,
): Promise<MigrationRequest | Refusal> {
  const { source, target, requestedBy: by, schedule } = migration;
  const answer = await orRefused(async () => {
    const found = await findAddon(deps, source.addonId, signal);
    if (found.kind === "refused") return found;
    const selection = { addonId: source.addonId, ...target };
    const request = { selection, by, place: null, schedule: schedule ?? null };
    return { kind: "drafted", draft: await draftOf({ ...found, request, signal }) } as const;
  });
  return answer.kind === "refused" ? answer.refusal : answer.draft;
}

/** What is different from what was confirmed and weighs, a sentence each; empty when it may start. */
export function changesSince(confirmed: Migration, now: MigrationRequest): string[] {
  const known = new Set(confirmed.preflight.findings.map(keyOf));
  const grave = now.preflight.findings.filter(
    (finding) => finding.level === "blocker" || (finding.level === "warning" && !known.has(keyOf(finding))),
  );
  return [
    ...grave.map(({ summary }) => summary),
    ...termChanges(confirmed, now),
    ...impactChanges(confirmed.preflight.impact, now.preflight.impact),
  ];
}

function termChanges(confirmed: Migration, now: MigrationRequest): string[] {
  const { source, targetPlan, quote } = confirmed;
  const isSamePrice =
    isSameMoney(quote.before, now.quote.before) && isSameMoney(quote.after, now.quote.after);
  const isSameDatabase =
    source.plan.id === now.source.plan.id &&
    source.version === now.source.version &&
    source.zone === now.source.zone;
  const isSameSize = sizeOf(targetPlan) === sizeOf(now.targetPlan);
  return [
    ...(isSamePrice ? [] : ["The price has changed."]),
    ...(isSameSize ? [] : ["The new plan has another size."]),
    ...(isSameDatabase
      ? []
      : ["The database is on another plan, version or zone than when it was confirmed."]),
  ];
}

function impactChanges(confirmed: Impact, now: Impact): string[] {
  const holders = new Set(confirmed.hardCoded.map(holderOf));
  const users = new Set(confirmed.readOnlyUsersLost);
  const hidden = now.hardCoded.filter((variable) => !holders.has(holderOf(variable)));
  const lost = now.readOnlyUsersLost.filter((user) => !users.has(user));
  return [
    ...(hidden.length === 0
      ? []
      : ["More variables of applications hold the old address; the plan names them."]),
    ...(lost.length === 0 ? [] : ["More read-only users are not carried over; the plan names them."]),
  ];
}

function sizeOf({ memoryBytes, diskBytes, connections }: Plan): string {
  return [memoryBytes, diskBytes, connections].join(" ");
}

function holderOf({ application, variable }: HardCodedVariable): string {
  return `${application.id} ${variable}`;
}

function keyOf({ check, level }: Finding): string {
  return `${level} ${check}`;
}
