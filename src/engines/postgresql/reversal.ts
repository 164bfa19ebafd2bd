import type pg from "pg";
import { z } from "zod";
import type { Loss, TableLoss } from "../../core/loss.ts";
import type { DatabaseAccess } from "../../core/ports/engine.ts";
import type { LossOptions, Reversal, ReversalPair } from "../../core/ports/reversal.ts";
import type { JsonObject } from "../../core/step.ts";
import { grantEntrance, readGuests } from "./entrance.ts";
import { guarded, sqlState } from "./errors.ts";
import { forEachWithSession } from "./pool.ts";
import { asAdmin, withSession } from "./session.ts";
import { readTables, type Table } from "./tables.ts";

const NAME = "godwit count";
const SHOWN = 20;
const CANCELED = "57014";
/** Half of what a transaction ID can count: beyond it older and newer cannot be told apart. */
const HORIZON = 2n ** 31n - 1_000_000n;

const markSchema = z.object({ xid: z.string().regex(/^\d+$/u), at: z.iso.datetime() });
type Mark = z.infer<typeof markSchema>;

/** How a PostgreSQL database is returned to. */
export function createReversal(jobs: number): Reversal {
  return {
    mark: (database, signal) => guarded(`Marking ${database.database}`, signal, () => mark(database, signal)),
    loss: (pair, stored, options) =>
      guarded(`Counting what was written to ${pair.now.database}`, options.call.signal, () =>
        countLoss(pair, stored, { ...options, jobs }),
      ),
    entrance: (database, signal) =>
      guarded(`Reading who enters ${database.database}`, signal, () =>
        onAdmin(database, signal, async (admin) => ({ guests: await readGuests(admin, database.database) })),
      ),
    reopen: (database, entrance, signal) =>
      guarded(`Opening ${database.database}`, signal, () =>
        onAdmin(database, signal, (admin) => grantEntrance(admin, database, entrance)),
      ),
  };
}

function onAdmin<T>(
  { server, database }: DatabaseAccess,
  signal: AbortSignal,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  return withSession(asAdmin(server, database), { name: NAME, signal }, work);
}

/** Every row that is written from now on bears this transaction ID or a later one. */
function mark(database: DatabaseAccess, signal: AbortSignal): Promise<JsonObject> {
  return onAdmin(database, signal, async (admin) => {
    const { rows } = await admin.query<{ xid: string; at: Date }>(
      "SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid, clock_timestamp() AS at",
    );
    const [{ xid, at } = { xid: "0", at: new Date(0) }] = rows;
    return { xid, at: at.toISOString() };
  });
}

interface Counting extends LossOptions {
  readonly jobs: number;
}

/**
 * By the transaction that wrote each row: of the new database's rows those since the mark were inserted or changed,
 * and what the others leave of the old database's count was changed or deleted.
 */
async function countLoss(pair: ReversalPair, stored: JsonObject | null, options: Counting): Promise<Loss> {
  const { signal, clock } = options.call;
  const parsed = markSchema.safeParse(stored);
  const since = parsed.success ? await usableMark(pair.now, parsed.data, signal) : null;
  if (since === null) return unknownLoss(parsed.data?.at ?? null, clock.now());
  const now = await onAdmin(pair.now, signal, readTables);
  const before = await onAdmin(pair.before, signal, readTables);
  const written = await countTables(pair.now, now, { ...options, select: sinceMark(since) });
  const held = await countTables(pair.before, before, { ...options, select: "0::float8" });
  return summarize(since, { written, held, countedAt: clock.now() });
}

function sinceMark({ xid }: Mark): string {
  return `count(*) FILTER (WHERE age(t.xmin) <= age('${BigInt(xid) & 0xffff_ffffn}'::xid))::float8`;
}

async function usableMark(database: DatabaseAccess, found: Mark, signal: AbortSignal): Promise<Mark | null> {
  const { xid } = markSchema.parse(await mark(database, signal));
  const passed = BigInt(xid) - BigInt(found.xid);
  return passed >= 0n && passed < HORIZON ? found : null;
}

interface Counted {
  readonly rows: number;
  readonly written: number;
}

/** By table name; null for tables that took too long. */
type Counts = ReadonlyMap<string, Counted | null>;

async function countTables(
  database: DatabaseAccess,
  tables: readonly Table[],
  { call, jobs, limitMs, select }: Counting & { readonly select: string },
): Promise<Counts> {
  const counts = new Map<string, Counted | null>();
  const settings = { statement_timeout: String(limitMs ?? 0) };
  const login = asAdmin(database.server, database.database);
  const options = { name: NAME, signal: call.signal, login, workers: jobs, settings };
  await forEachWithSession(tables, options, async (client, { schema, name, sql }) => {
    call.report({ label: `counting ${name}` });
    counts.set(`${schema}.${name}`, await countTable(client, sql, select));
  });
  return counts;
}

async function countTable(client: pg.Client, table: string, select: string): Promise<Counted | null> {
  try {
    const { rows } = await client.query<Counted>(
      `SELECT count(*)::float8 AS rows, ${select} AS written FROM ONLY ${table} t`,
    );
    return rows[0] ?? null;
  } catch (error) {
    if (sqlState(error) === CANCELED) return null;
    throw error;
  }
}

interface Sides {
  readonly written: Counts;
  readonly held: Counts;
  readonly countedAt: Date;
}

function summarize({ at }: Mark, { written, held, countedAt }: Sides): Loss {
  const names = [...new Set([...written.keys(), ...held.keys()])].toSorted();
  const tables = names.flatMap((table) => lossOf(table, { written, held }));
  const total = (of: (table: TableLoss) => number) => tables.reduce((sum, table) => sum + of(table), 0);
  return {
    since: at,
    countedAt: countedAt.toISOString(),
    written: total((table) => table.written),
    replaced: total((table) => table.replaced),
    tables: tables
      .toSorted((left, right) => right.written + right.replaced - left.written - left.replaced)
      .slice(0, SHOWN),
    notTold: names.flatMap((table) => remarksOn(table, { written, held })),
  };
}

function lossOf(table: string, { written, held }: Pick<Sides, "written" | "held">): TableLoss[] {
  const now = countIn(written, table);
  const before = countIn(held, table);
  if (now === null || before === null) return [];
  const replaced = Math.max(0, before.rows - (now.rows - now.written));
  return now.written === 0 && replaced === 0 ? [] : [{ table, written: now.written, replaced }];
}

function remarksOn(table: string, { written, held }: Pick<Sides, "written" | "held">): string[] {
  if (!held.has(table)) return [`Table ${table} was made since the switch and is not in the old database.`];
  if (!written.has(table)) return [`Table ${table} was dropped since the switch and is there again.`];
  if (countIn(written, table) !== null && countIn(held, table) !== null) return [];
  return [`Table ${table} is too large to be counted now; it is counted while the database is read-only.`];
}

function countIn(counts: Counts, table: string): Counted | null {
  return counts.has(table) ? (counts.get(table) ?? null) : { rows: 0, written: 0 };
}

function unknownLoss(since: string | null, countedAt: Date): Loss {
  const why =
    since === null
      ? "This migration is older than the Godwit that counts what is written after the switch."
      : "So much was written since the switch that the server can no longer tell it from what was there before.";
  const none = { since, countedAt: countedAt.toISOString(), written: 0, replaced: 0, tables: [] };
  return { ...none, notTold: [`What was written since the switch cannot be counted. ${why}`] };
}
