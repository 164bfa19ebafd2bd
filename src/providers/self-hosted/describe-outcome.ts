import { z } from "zod";
import type { Loss } from "../../core/loss.ts";
import type { Migration } from "../../core/migration.ts";
import type { ProviderOutcome } from "../../core/ports/provider.ts";
import type { Fleet } from "./fleet.ts";
import { readFollowing } from "./following.ts";

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

const counted = z.object({
  since: z.string().nullable(),
  countedAt: z.string(),
  written: z.number(),
  replaced: z.number(),
  tables: z.array(z.object({ table: z.string(), written: z.number(), replaced: z.number() })),
  notTold: z.array(z.string()),
});
const lost: z.ZodType<Loss> = z.union([counted.extend({ carriedOver: z.literal(true) }), counted]);

/** What the success message tells, from what the last steps stored. Steps that did not finish tell nothing. */
export async function describeOutcome(fleet: Fleet, migration: Migration): Promise<ProviderOutcome> {
  const switchOver = switched.safeParse(await fleet.store.stepOutput(migration.id, "switch-over"));
  const restart = restarted.safeParse(await fleet.store.stepOutput(migration.id, "restart-applications"));
  const engine = fleet.engines[migration.source.engine];
  const lossStep = await fleet.store.stepOutput(migration.id, "count-loss");
  const verified = await fleet.store.stepOutput(migration.id, "verify");
  const loss = lost.safeParse(lossStep?.["loss"] ?? verified?.["loss"]).data;
  const finish = await fleet.store.stepOutput(migration.id, "finish");
  const following = readFollowing(finish?.["following"]);
  return {
    ...(loss !== undefined && { loss }),
    ...(following !== null && { notFollowing: following.follows ? null : following.reason }),
    ...(switchOver.success && { isRevertible: engine?.reversal !== undefined }),
    variables: switchOver.data?.variables ?? [],
    oldKeptUntil: switchOver.success ? new Date(switchOver.data.oldKeptUntil) : null,
    applications: (restart.data?.applications ?? []).map(({ name, connectedAt, problem }) => ({
      name,
      connectedAt: connectedAt === null ? null : new Date(connectedAt),
      ...(problem !== null && { problem }),
    })),
  };
}
