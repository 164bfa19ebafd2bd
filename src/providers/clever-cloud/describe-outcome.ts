import { z } from "zod";
import type { Migration } from "../../core/migration.ts";
import type { ProviderOutcome } from "../../core/ports/provider.ts";
import type { Platform } from "./platform.ts";

const verified = z.object({ changed: z.array(z.string()), lost: z.array(z.string()) });

const watched = z.object({
  applications: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      deployedAt: z.string().nullable(),
      problem: z.string().nullable(),
      mayRedeploy: z.boolean().default(false),
    }),
  ),
});

/** What the success message tells, from what the last steps stored. Steps that did not finish tell nothing. */
export async function describeOutcome({ store }: Platform, migration: Migration): Promise<ProviderOutcome> {
  const verify = verified.safeParse(await store.stepOutput(migration.id, "verify"));
  const watch = watched.safeParse(await store.stepOutput(migration.id, "watch-applications"));
  return {
    variables: verify.data?.changed ?? [],
    ...(verify.data && verify.data.lost.length > 0 && { lostVariables: verify.data.lost }),
    // The platform stops and removes the old instance itself.
    oldKeptUntil: null,
    applications: (watch.data?.applications ?? []).map(({ id, name, deployedAt, problem, mayRedeploy }) => ({
      id,
      name,
      evidence: "deployment" as const,
      connectedAt: deployedAt === null ? null : new Date(deployedAt),
      ...(problem !== null && { problem }),
      ...(problem !== null && mayRedeploy && { redeployment: "offered" as const }),
    })),
  };
}
