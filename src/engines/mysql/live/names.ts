import { createHash } from "node:crypto";

/** MySQL takes names of users up to 32 characters. */
const NAME_LENGTH = 32;

/** Names of what a replication makes on both servers, all derived from the migration: any worker finds them. */
export interface ReplicationNames {
  /** User on the source, channel on the target, and the account that a channel of MySQL applies changes as. */
  readonly name: string;
  /** Channel by which is tried, before anything is copied, whether the target reaches the source. */
  readonly trial: string;
}

/** Names for the migration with this ID. */
export function replicationNames(id: string): ReplicationNames {
  const plain = `godwit_${id.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`;
  const hash = createHash("sha256").update(id).digest("hex");
  const name = plain.length <= NAME_LENGTH ? plain : `godwit_${hash.slice(0, NAME_LENGTH - 7)}`;
  return { name, trial: `${name}_trial` };
}
