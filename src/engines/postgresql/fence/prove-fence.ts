import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, FenceHold } from "../../../core/ports/engine.ts";
import { sqlState } from "../errors.ts";
import { asAdmin, asOwner, type SessionOptions, withPlainSession, withSession } from "../session.ts";
import { isUserSchema, qualified, quoteName } from "../sql.ts";

const NAME = "godwit probe";
const READ_ONLY = "25006";
const LOCKED = "55P03";
const DENIED = "42501";
const TOO_MANY_CONNECTIONS = "53300";

/** One way in which an application could write. */
interface Probe {
  readonly label: string;
  /** What the session says first. */
  readonly begin: readonly string[];
  /** libpq options in the URL, as some applications have them. */
  readonly options?: string;
  readonly refusals: readonly string[];
}

const PROBES: readonly Probe[] = [
  { label: "a plain write", begin: ["BEGIN"], refusals: [READ_ONLY, LOCKED, DENIED] },
  { label: "BEGIN READ WRITE", begin: ["BEGIN READ WRITE"], refusals: [LOCKED, DENIED] },
  {
    label: "PGOPTIONS",
    begin: ["BEGIN"],
    options: "-c default_transaction_read_only=off",
    refusals: [LOCKED, DENIED],
  },
  {
    label: "SET SESSION CHARACTERISTICS",
    begin: ["SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "BEGIN"],
    refusals: [LOCKED, DENIED],
  },
];

interface Facts {
  readonly table: string | null;
  readonly schema: string | null;
  readonly prepared: number;
  readonly writers: number;
}

/** A real table that the application may write to, and whether anything is writing now. */
async function readFacts(admin: pg.Client, source: DatabaseAccess): Promise<Facts> {
  const { rows } = await admin.query<{ table: [string, string] | null; schema: string | null }>(
    `SELECT
       (SELECT array[n.nspname::text, c.relname::text] FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${isUserSchema("n.nspname")}
          AND has_schema_privilege($1, n.oid, 'USAGE') AND has_table_privilege($1, c.oid, 'SELECT')
        ORDER BY c.oid LIMIT 1) AS table,
       (SELECT n.nspname::text FROM pg_namespace n
        WHERE ${isUserSchema("n.nspname")} AND has_schema_privilege($1, n.oid, 'USAGE, CREATE')
        ORDER BY n.oid LIMIT 1) AS schema`,
    [source.username],
  );
  const counts = await admin.query<{ prepared: number; writers: number }>(
    `SELECT (SELECT count(*)::int FROM pg_prepared_xacts WHERE database = $1) AS prepared,
            (SELECT count(*)::int FROM pg_stat_activity WHERE datname = $1 AND backend_xid IS NOT NULL
               AND backend_type = 'client backend') AS writers`,
    [source.database],
  );
  const { table = null, schema = null } = rows[0] ?? {};
  const { prepared = 0, writers = 0 } = counts.rows[0] ?? {};
  return { table: table === null ? null : qualified(table[0], table[1]), schema, prepared, writers };
}

function fenceOpen(database: string, what: string): GodwitError {
  return new GodwitError({
    code: "fence-open",
    summary: `${database} could still be written to: ${what}.`,
    remedy: "Nothing was switched. Ask support to look at the database before another attempt.",
  });
}

/** SQLSTATE with which the server refuses a write, or null when it lets it pass. */
async function refusalOf(app: pg.Client, probe: Probe, write: string): Promise<string | null> {
  await app.query("SET lock_timeout = '20ms'");
  for (const statement of probe.begin) await app.query(statement);
  try {
    await app.query(write);
    return null;
  } catch (error) {
    const state = sqlState(error);
    if (state === null) throw error;
    return state;
  } finally {
    await app.query("ROLLBACK").catch(() => undefined);
  }
}

/**
 * Runs `work` as the application. When its own pool has taken every connection it may have, or nobody
 * has told its password, the administrator takes the application's role instead.
 */
async function asApplication(
  source: DatabaseAccess,
  options: SessionOptions,
  work: (app: pg.Client) => Promise<void>,
): Promise<void> {
  const isKnown = source.password.reveal() !== "" || asAdmin(source.server).user === source.username;
  try {
    if (isKnown) return await withPlainSession(asOwner(source), options, work);
  } catch (error) {
    if (sqlState(error) !== TOO_MANY_CONNECTIONS) throw error;
  }
  await withPlainSession(asAdmin(source.server, source.database), options, async (admin) => {
    await admin.query(`SET SESSION AUTHORIZATION ${quoteName(source.username)}`);
    await work(admin);
  });
}

async function tryProbe(
  source: DatabaseAccess,
  probe: Probe,
  { writes, signal }: { readonly writes: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  const options = { name: NAME, signal, ...(probe.options === undefined ? {} : { options: probe.options }) };
  await asApplication(source, options, async (app) => {
    for (const write of writes) {
      const refusal = await refusalOf(app, probe, write);
      if (refusal !== null && probe.refusals.includes(refusal)) continue;
      const what = refusal === null ? "was accepted" : `met ${refusal} instead of a refusal`;
      throw fenceOpen(source.database, `${probe.label} ${what}`);
    }
  });
}

/**
 * Tries to write as the application in each way it could: to a real table, and by making one. Everything
 * is rolled back. A database without tables is probed by making one only.
 */
export async function proveFence(
  source: DatabaseAccess,
  hold: FenceHold,
  signal: AbortSignal,
): Promise<void> {
  await hold.assertAlive();
  const login = asAdmin(source.server, source.database);
  const facts = await withSession(login, { name: NAME, signal }, (admin) => readFacts(admin, source));
  if (facts.prepared > 0) throw fenceOpen(source.database, "it holds prepared transactions");
  if (facts.writers > 0) throw fenceOpen(source.database, "another session is writing");
  const writes = [
    ...(facts.table === null ? [] : [`DELETE FROM ONLY ${facts.table} WHERE false`]),
    ...(facts.schema === null ? [] : [`CREATE TABLE ${quoteName(facts.schema)}.godwit_probe ()`]),
    "SELECT pg_catalog.lo_create(0)",
  ];
  await Promise.all(PROBES.map((probe) => tryProbe(source, probe, { writes, signal })));
  await hold.assertAlive();
}
