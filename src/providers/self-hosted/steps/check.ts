import { GodwitError } from "../../../core/failure.ts";
import type { FleetAddon } from "../../../core/ports/fleet.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { locationOf } from "../location.ts";
import { readAddon } from "../read-addon.ts";
import { runPreflight } from "../run-preflight.ts";

const MINUTE_MS = 60_000;

/** Looks once more for what would stop the migration, and notes where the database is now. */
export function createCheckStep(fleet: Fleet): Step {
  return {
    name: "check",
    title: "Check both servers and the applications",
    pivot: false,
    timeoutMs: 2 * MINUTE_MS,
    async run(context) {
      const record = await findRecord(fleet, context);
      const addon = await readAddon(fleet, record, context.signal);
      const { target } = context.migration;
      const report = await runPreflight(fleet, { record, addon, target, signal: context.signal });
      const blocker = report.findings.find(({ level }) => level === "blocker");
      if (blocker !== undefined) throw blocked(blocker);
      return { output: { source: locationOf(record), usedBytes: addon.usedBytes } };
    },
  };
}

async function findRecord(fleet: Fleet, { migration }: StepContext): Promise<FleetAddon> {
  const { addonId, addonName } = migration.source;
  const record = await fleet.store.addon(fleet.config.name, addonId);
  if (record !== undefined) return record;
  throw new GodwitError({
    code: "unknown-addon",
    summary: `Godwit no longer knows the add-on ${addonName}.`,
    remedy: "Ask support; the record of the add-on is gone.",
  });
}

function blocked(finding: { check: string; summary: string; remedy?: string }): GodwitError {
  const isTransient = finding.check === "server-unreachable";
  return new GodwitError({
    code: finding.check,
    class: isTransient ? "transient" : "permanent",
    summary: finding.summary,
    remedy: finding.remedy ?? "Correct it, then try again.",
  });
}
