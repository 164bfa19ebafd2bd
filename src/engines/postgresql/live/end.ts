import type { ReplicationPair } from "../../../core/ports/replication.ts";
import { sqlState } from "../errors.ts";
import { asAdmin, withSession } from "../session.ts";
import { replicationNames } from "./names.ts";
import { dropPublication } from "./publication.ts";
import { closeReplicationRole, dropReplicationRole } from "./replication-role.ts";
import { dropSlot } from "./slot.ts";
import { dropSubscription } from "./subscription.ts";

const NAME = "godwit end replication";

/**
 * Removes subscription, slot, publication and role, in this order, whoever made them and however far they
 * got. The source is freed also when the target cannot be reached: a slot that stays fills its disk.
 */
export async function endReplication(
  { source, target }: ReplicationPair,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { name } = replicationNames(id);
  const [subscription] = await Promise.allSettled([dropSubscription(target, name, signal)]);
  await freeSource(source, id, signal);
  if (subscription.status === "rejected") throw subscription.reason;
}

/** Removes what stands on the source. */
export async function freeSource(
  source: ReplicationPair["source"],
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const names = replicationNames(id);
  try {
    await withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (admin) => {
      await closeReplicationRole(admin, names.name);
      await dropSlot(admin, names);
      await dropPublication(admin, names.name);
      await dropReplicationRole(admin, source.database, names.name);
    });
  } catch (error) {
    // A database that is gone has taken slot and publication with it.
    if (sqlState(error) !== "3D000") throw error;
  }
}
