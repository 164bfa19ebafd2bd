import { z } from "zod";
import type { Migration } from "../../core/migration.ts";
import type { ProviderOutcome } from "../../core/ports/provider.ts";
import type { Fleet } from "./fleet.ts";

const switched = z.object({
  variables: z.array(z.string()),
  oldKeptUntil: z.string(),
});

const restarted = z.object({
  applications: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      connectedAt: z.string().nullable(),
      problem: z.string().nullable(),
    }),
  ),
});

/** What the success message tells, from what the last steps stored. Steps that did not finish tell nothing. */
export async function describeOutcome(fleet: Fleet, migration: Migration): Promise<ProviderOutcome> {
  const switchOver = switched.safeParse(await fleet.store.stepOutput(migration.id, "switch-over"));
  const restart = restarted.safeParse(await fleet.store.stepOutput(migration.id, "restart-applications"));
  return {
    variables: switchOver.data?.variables ?? [],
    oldKeptUntil: switchOver.success ? new Date(switchOver.data.oldKeptUntil) : null,
    applications: (restart.data?.applications ?? []).map(({ name, connectedAt, problem }) => ({
      name,
      connectedAt: connectedAt === null ? null : new Date(connectedAt),
      ...(problem !== null && { problem }),
    })),
  };
}
