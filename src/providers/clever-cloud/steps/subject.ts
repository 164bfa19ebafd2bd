import { z } from "zod";
import { GodwitError } from "../../../core/failure.ts";
import type { StepContext } from "../../../core/step.ts";
import type { Platform } from "../platform.ts";
import { type AddonFacts, findAddon, readAddon } from "../read-addon.ts";

const checked = z.object({
  realId: z.string(),
  salt: z.string(),
  /** Names of the add-on's variables with a short keyed hash of their values. */
  variables: z.record(z.string(), z.string()),
  /** How long the longest of its last migrations took; migrations that began before this was noted have none. */
  longestMs: z.number().nullable().default(null),
});

const started = z.object({ migrationId: z.string() });

/** What the check noted of the add-on before anything began. */
export type Before = z.output<typeof checked>;

export function before(context: StepContext): Before {
  return checked.parse(context.outputOf("check"));
}

/** The platform's ID of the migration. */
export function startedId(context: StepContext): string {
  return started.parse(context.outputOf("start")).migrationId;
}

/** As `startedId`; undefined while the order has not finished. */
export function findStartedId(context: StepContext): string | undefined {
  try {
    return startedId(context);
  } catch {
    return undefined;
  }
}

/** The add-on as it is now. Throws a `GodwitError` (`unknown-addon`) when it is gone. */
export async function readSubject(platform: Platform, context: StepContext): Promise<AddonFacts> {
  const { addonId, addonName } = context.migration.source;
  const owned = await findAddon(platform, addonId, context.signal);
  if (owned !== undefined) return readAddon(platform, owned, context.signal);
  throw new GodwitError({
    code: "unknown-addon",
    summary: `Clever Cloud no longer knows the add-on ${addonName}.`,
    remedy: `Look in the console whether it was deleted or moved out of ${platform.config.owner}.`,
  });
}

/** Whether the add-on is where it was before the migration. */
export function isAtSource({ addon }: AddonFacts, { migration }: StepContext): boolean {
  const { plan, version, zone } = migration.source;
  return addon.plan.id === plan.id && addon.version === version && addon.zone === zone;
}

/** Whether the add-on is where the migration was to bring it. */
export function isAtTarget({ addon }: AddonFacts, { migration }: StepContext): boolean {
  const { planId, version, zone } = migration.target;
  return addon.plan.id === planId && addon.version === version && addon.zone === zone;
}
