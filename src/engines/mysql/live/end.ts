import type { ReplicationPair } from "../../../core/ports/replication.ts";
import { withAdmin } from "../session.ts";
import { dropAccount } from "./accounts.ts";
import { removeChannel } from "./channel.ts";
import { replicationNames } from "./names.ts";

/** Takes everything away by its names alone. A target that cannot be reached does not keep the source from being freed. */
export async function endReplication(
  { source, target }: ReplicationPair,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { name, trial } = replicationNames(id);
  const [following] = await Promise.allSettled([
    withAdmin(target.server, signal, async (admin) => {
      await removeChannel(admin, trial);
      await removeChannel(admin, name);
      if (admin.flavour.product === "MySQL") await dropAccount(admin, name);
    }),
  ]);
  await withAdmin(source.server, signal, (admin) => dropAccount(admin, name));
  if (following.status === "rejected") throw following.reason;
}
