import { createHash } from "node:crypto";

/** Named locks by which the sessions of one fence are found, and what its mark says. */
export interface FenceNames {
  /** The holder's name; also the fence's mark. */
  readonly holder: string;
  /** Lock of the session that holds the hard layer. */
  readonly holdLock: string;
  /** Lock of the session that builds it. */
  readonly buildLock: string;
}

/** Both servers take names of locks up to 64 characters. */
function lockName(part: string, ...what: readonly string[]): string {
  const hash = createHash("sha256").update(what.join("\0")).digest("hex").slice(0, 40);
  return `godwit.${part}.${hash}`;
}

/** Names of this holder's fence of a database. */
export function fenceNames(database: string, wanted: string): FenceNames {
  const holder = wanted.startsWith("godwit") ? wanted : `godwit ${wanted}`;
  return {
    holder,
    holdLock: lockName("hold", database, holder),
    buildLock: lockName("build", database, holder),
  };
}
