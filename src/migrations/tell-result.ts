import type { Migration } from "../core/migration.ts";
import type { Notification, RestartedApplication } from "../core/notification.ts";
import type { ProviderOutcome } from "../core/ports/provider.ts";
import type { StoredRedeployment, StoreTransaction } from "../core/ports/store.ts";
import { shownStep } from "../core/step.ts";

type Reads = Pick<StoreTransaction, "steps" | "redeployments">;

/** The result's message as things stand: what the provider saw, and what people have had deployed anew since. */
export async function succeededNotification(
  tx: Reads,
  migration: Migration,
  outcome: ProviderOutcome,
): Promise<Notification> {
  const steps = (await tx.steps(migration.id)).map(shownStep);
  const applications = await applicationsOf(tx, migration, outcome);
  return { kind: "succeeded", migration, steps, ...outcome, applications };
}

/** How a migration's applications stand, by the provider and by what people have had deployed anew since. */
export async function applicationsOf(
  tx: Pick<Reads, "redeployments">,
  migration: Migration,
  { applications }: ProviderOutcome,
): Promise<readonly RestartedApplication[]> {
  const asked = await tx.redeployments(migration.id);
  return applications.map((seen) => withRedeployment(seen, asked));
}

/** The last deployment that somebody asked for says more than what was seen before it. */
function withRedeployment(
  seen: RestartedApplication,
  asked: readonly StoredRedeployment[],
): RestartedApplication {
  const last = asked.findLast(({ applicationId }) => applicationId === seen.id);
  if (last === undefined) return seen;
  const { problem: _problem, redeployment: _offer, ...rest } = seen;
  if (last.endedAt === null) return { ...rest, redeployment: "under-way" };
  if (last.problem === null) return { ...rest, connectedAt: last.endedAt };
  return { ...rest, problem: last.problem, redeployment: "offered" };
}
