import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import { asOwner, withSession } from "../session.ts";

const MEBIBYTE = 1024 * 1024;
const LEAST_MEBIBYTES = 64;
const MOST_MEBIBYTES = 1024;

interface Memory {
  /** The server's buffers, about a quarter of its memory on a server that somebody has set up. */
  readonly buffers: number;
  readonly own: number;
}

/** Memory that each of `jobs` index builds may sort in: together an eighth of the server's. */
export function sortMemory({ buffers, own }: Memory, jobs: number): string {
  const share = Math.floor(buffers / 2 / jobs / MEBIBYTE);
  const mebibytes = Math.min(Math.max(share, own / MEBIBYTE, LEAST_MEBIBYTES), MOST_MEBIBYTES);
  return `${Math.floor(mebibytes)}MB`;
}

/** Reads the target's memory settings and shares them out. */
export async function readSortMemory(
  target: DatabaseAccess,
  { jobs, signal }: { readonly jobs: number; readonly signal: AbortSignal },
): Promise<string> {
  const memory = await withSession(asOwner(target), { name: "godwit copy", signal }, async (client) => {
    const { rows } = await client.query<Memory>(
      `SELECT pg_size_bytes(current_setting('shared_buffers'))::float8 AS buffers,
         pg_size_bytes(current_setting('maintenance_work_mem'))::float8 AS own`,
    );
    return rows[0] ?? { buffers: 0, own: 0 };
  });
  return sortMemory(memory, jobs);
}
