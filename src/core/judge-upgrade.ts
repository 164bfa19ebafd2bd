import type { Addon } from "./addon.ts";
import { formatBytes } from "./format.ts";
import type { Plan } from "./plan.ts";
import type { VersionRules } from "./ports/engine-capabilities.ts";
import { ALLOWED, type FormField, refused, type Verdict } from "./verdict.ts";
import { compareVersions } from "./version.ts";

const THROUGH_SUPPORT = "Downgrades go through support: ask them with the add-on ID.";

/**
 * Judges whether an add-on may move to a plan: never to less memory, disk or connections, never to shared, and never
 * to one whose disk or memory, wherever the data resides, is too small for it.
 */
export function judgePlan(addon: Addon, plan: Plan, residence: "disk" | "memory" = "disk"): Verdict {
  const now = addon.plan;
  if (plan.engine !== addon.engine) return otherEngine(plan);
  if (plan.shared && !now.shared)
    return downgrade("plan", `${plan.name} is a shared plan, ${now.name} is dedicated.`);
  if (plan.memoryBytes < now.memoryBytes)
    return smaller(plan, now, "memory", (p) => formatBytes(p.memoryBytes));
  if (plan.diskBytes < now.diskBytes) return smaller(plan, now, "disk", (p) => formatBytes(p.diskBytes));
  if (plan.connections < now.connections)
    return smaller(plan, now, "connections", (p) => String(p.connections));
  return judgeRoom(addon, plan, residence);
}

/** Judges whether an add-on may move to a version: the same or a newer one. */
export function judgeVersion(addon: Pick<Addon, "name" | "version">, version: string): Verdict {
  if (compareVersions(version, addon.version) >= 0) return ALLOWED;
  return downgrade("version", `Version ${version} is older than ${addon.version}, which ${addon.name} runs.`);
}

/** The rules of versions that are numbers alone: the same or a newer one. */
export const NUMBERED_VERSIONS: VersionRules = { compare: compareVersions, judge: judgeVersion };

function judgeRoom(addon: Addon, plan: Plan, residence: "disk" | "memory"): Verdict {
  const room = residence === "disk" ? plan.diskBytes : plan.memoryBytes;
  if (addon.usedBytes <= room) return ALLOWED;
  return refused({
    code: "plan-too-small",
    field: "plan",
    summary: `${addon.name} uses ${formatBytes(addon.usedBytes)}, and ${plan.name} has ${formatBytes(room)} of ${residence}.`,
    remedy: `Pick a plan with at least ${formatBytes(addon.usedBytes)} of ${residence}.`,
  });
}

function smaller(plan: Plan, now: Plan, what: string, read: (plan: Plan) => string): Verdict {
  return downgrade("plan", `${plan.name} has less ${what} than now (${read(plan)}, now ${read(now)}).`);
}

function otherEngine(plan: Plan): Verdict {
  const summary = `${plan.name} is a plan for ${plan.engine}.`;
  return refused({
    code: "engine-mismatch",
    field: "plan",
    summary,
    remedy: "Pick a plan of the same kind of database.",
  });
}

function downgrade(field: FormField, summary: string): Verdict {
  return refused({ code: "downgrade", field, summary, remedy: THROUGH_SUPPORT });
}
