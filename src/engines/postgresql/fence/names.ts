/** PostgreSQL keeps this many bytes of an application name. */
const NAME_BYTES = 63;
const BUILDER = " builds";

function cutToBytes(name: string, bytes: number): string {
  let cut = name;
  while (Buffer.byteLength(cut) > bytes) cut = Array.from(cut).slice(0, -1).join("");
  return cut;
}

/** Names by which the sessions of one fence are known in `pg_stat_activity`. */
export interface FenceNames {
  /** The session that holds the hard layer; also the fence's mark. */
  readonly holder: string;
  /** The session that builds it. */
  readonly builder: string;
}

/** Names of the sessions of this holder's fence. PostgreSQL shows other characters than ASCII as `?`. */
export function fenceNames(holder: string): FenceNames {
  const wanted = (holder.startsWith("godwit") ? holder : `godwit ${holder}`).replace(/[^\x20-\x7e]/g, "?");
  const name = cutToBytes(wanted, NAME_BYTES - BUILDER.length);
  return { holder: name, builder: `${name}${BUILDER}` };
}
