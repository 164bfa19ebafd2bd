/** Names of what a replication makes on both servers, all derived from the migration: any worker finds them. */
export interface ReplicationNames {
  /** Publication, slot and role on the source; subscription on the target. */
  readonly name: string;
  /** Session that holds the snapshot while the rows are copied. */
  readonly holder: string;
}

/** PostgreSQL keeps 63 bytes of a name; slots take lower-case letters, digits and `_` only. */
const NAME_LENGTH = 63;

/** Leaves room for what comes behind it in a slot's name. */
const PREFIX_LENGTH = 50;

/** With what the names of the slots begin through which a proof is kept up to date. */
export function proofSlots(name: string): string {
  return `${name.slice(0, PREFIX_LENGTH)}_proof_`;
}

/** Names for the migration with this ID. */
export function replicationNames(id: string): ReplicationNames {
  const plain = id.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  const name = (plain.startsWith("godwit") ? plain : `godwit_${plain}`).slice(0, NAME_LENGTH);
  return { name, holder: `godwit slot ${plain}`.slice(0, NAME_LENGTH) };
}
