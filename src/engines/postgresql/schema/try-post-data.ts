import type pg from "pg";
import type { DatabaseAccess, EngineCall } from "../../../core/ports/engine.ts";
import { inParallel } from "../../in-parallel.ts";
import { asOwner, withSession } from "../session.ts";
import type { SchemaEntry } from "./entries.ts";
import { RESTORE_SETTINGS, type Runner, restoreTogether } from "./restore-entries.ts";

const NAME = "godwit schema";
/** Entries tried in one transaction: many save round trips, each needs locks until its end. */
const BATCH = 300;
/** Locks that one entry may need: its table, its index and what they refer to. */
const LOCKS_PER_ENTRY = 3;

/** Puts entries that need each other into one group, in the dump's order. */
export function groupEntries(entries: readonly SchemaEntry[]): SchemaEntry[][] {
  const parents = new Map(entries.map(({ id }) => [id, id]));
  const rootOf = (id: number): number => {
    let root = id;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    parents.set(id, root);
    return root;
  };
  for (const { id, needs } of entries) {
    for (const need of needs) if (parents.has(need)) parents.set(rootOf(need), rootOf(id));
  }
  const groups = new Map<number, SchemaEntry[]>();
  for (const entry of entries) {
    const root = rootOf(entry.id);
    const group = groups.get(root) ?? [];
    group.push(entry);
    groups.set(root, group);
  }
  return [...groups.values()];
}

/** Fills transactions with whole groups; in each the dump's order holds. */
function fillBatches(entries: readonly SchemaEntry[]): SchemaEntry[][] {
  const batches: SchemaEntry[][] = [];
  for (const group of groupEntries(entries)) {
    const last = batches.at(-1);
    if (last && last.length + group.length <= BATCH) last.push(...group);
    else batches.push([...group]);
  }
  const positions = new Map(entries.map(({ id }, position) => [id, position]));
  const positionOf = ({ id }: SchemaEntry): number => positions.get(id) ?? 0;
  return batches.map((batch) => batch.sort((one, other) => positionOf(one) - positionOf(other)));
}

/** Locks that the server's transactions can hold together. */
async function readLockRoom(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ locks: number }>(
    `SELECT current_setting('max_locks_per_transaction')::int
       * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int) AS locks`,
  );
  return rows[0]?.locks ?? 0;
}

/** Restores entries inside the session's open transaction; a savepoint lets the rest be tried one by one. */
function insideTransaction(client: pg.Client): Runner {
  return {
    async query(sql) {
      await client.query("SAVEPOINT godwit_trial");
      try {
        await client.query(sql);
      } catch (error) {
        await client.query("ROLLBACK TO SAVEPOINT godwit_trial");
        throw error;
      }
    },
  };
}

/**
 * Restores the second half of a schema into empty tables and takes it back, so that whatever the new server
 * refuses is found now. Returns false when the server's lock table is too small to do so in transactions.
 */
export async function tryPostData(
  target: DatabaseAccess,
  entries: readonly SchemaEntry[],
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<boolean> {
  const options = { name: NAME, signal: call.signal, settings: RESTORE_SETTINGS };
  const queue = fillBatches(entries);
  const largest = Math.max(0, ...queue.map((batch) => batch.length));
  const workers = Math.min(jobs, queue.length);
  const room = await withSession(asOwner(target), options, readLockRoom);
  if (largest * workers * LOCKS_PER_ENTRY > room / 2) return false;
  await inParallel(workers, call.signal, async (signal) => {
    await withSession(asOwner(target), { ...options, signal }, async (client) => {
      for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
        await client.query("BEGIN");
        await restoreTogether(insideTransaction(client), batch, call);
        await client.query("ROLLBACK");
      }
    });
  });
  return true;
}
