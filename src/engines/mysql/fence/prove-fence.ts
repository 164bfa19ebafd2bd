import { Readable } from "node:stream";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, FenceHold } from "../../../core/ports/engine.ts";
import { errorNumber } from "../errors.ts";
import { readAboveRights } from "../rights.ts";
import { asApplication, openSession, type Session, type SessionOptions, withAdmin } from "../session.ts";
import { qualified } from "../sql.ts";
import { endSessions } from "./end-sessions.ts";
import { readEnabledEvents } from "./events.ts";
import { readFenceMark } from "./fence-mark.ts";
import { fenceNames } from "./names.ts";
import { readLooseRoutines, readWriteRights } from "./plan-fence.ts";

/** Refused by rights (table, database, column, routine), and by MySQL for a read-only database. */
const REFUSALS = [1142, 1044, 1143, 1370, 3989];
/** A lock waited for in vain: only where no right could stop the application. */
const LOCKED = 1205;
/** The server takes no LOAD DATA LOCAL from anybody. */
const NO_LOCAL = [1148, 3948, 4166];
const NO_CONNECTION = [1040, 1203, 1226];
const ATTEMPTS = 20;

/** One way in which an application could write. */
interface Probe {
  readonly label: string;
  /** What the session says first. */
  readonly begin?: string;
  readonly write: string;
  readonly alsoRefused?: readonly number[];
}

function probesOf(database: string, table: string | null): Probe[] {
  const made = qualified(database, "godwit_probe");
  const ddl: Probe[] = [
    { label: "a new table", write: `CREATE TABLE ${made} (a INT)` },
    { label: "a new routine", write: `CREATE PROCEDURE ${made}() SELECT 1` },
  ];
  if (table === null) return ddl;
  return [
    { label: "a plain write", write: `DELETE FROM ${table} WHERE FALSE` },
    {
      label: "a transaction",
      begin: "START TRANSACTION READ WRITE",
      write: `INSERT INTO ${table} () SELECT * FROM ${table} WHERE FALSE`,
    },
    { label: "TRUNCATE's right", write: `ALTER TABLE ${table} COMMENT 'godwit'` },
    { label: "LOAD DATA", write: `LOAD DATA LOCAL INFILE 'none' INTO TABLE ${table}`, alsoRefused: NO_LOCAL },
    ...ddl,
  ];
}

function fenceOpen(database: string, what: string): GodwitError {
  return new GodwitError({
    code: "fence-open",
    summary: `${database} could still be written to: ${what}.`,
    remedy: "Nothing was switched. Ask support to look at the database before another attempt.",
  });
}

/** Number with which the server refuses a write, or null when it lets it pass. */
async function refusalOf(app: Session, { begin, write }: Probe): Promise<number | null> {
  if (begin !== undefined) await app.run(begin);
  try {
    await new Promise<void>((done, fail) => {
      const options = { sql: write, infileStreamFactory: () => Readable.from([]) };
      app.connection.query(options, (error) => (error ? fail(error) : done()));
    });
    return null;
  } catch (error) {
    const number = errorNumber(error);
    if (number === null) throw error;
    return number;
  } finally {
    await app.run("ROLLBACK").catch(() => undefined);
  }
}

/** Opens a session as the application, whose own pool may have taken every connection it may have. */
async function openAsApplication(
  admin: Session,
  source: DatabaseAccess,
  options: SessionOptions,
): Promise<Session> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openSession(asApplication(source), options);
    } catch (error) {
      if (!NO_CONNECTION.includes(errorNumber(error) ?? 0) || attempt === ATTEMPTS) throw error;
      await endSessions(admin, source, [source.username]);
    }
  }
}

async function tryProbes(
  app: Session,
  { database, probes, refusals }: { database: string; probes: readonly Probe[]; refusals: readonly number[] },
): Promise<void> {
  await app.run("SET SESSION lock_wait_timeout = 1");
  for (const probe of probes) {
    const refusal = await refusalOf(app, probe);
    if (refusal !== null && [...refusals, ...(probe.alsoRefused ?? [])].includes(refusal)) continue;
    const what = refusal === null ? "was accepted" : `met error ${refusal} instead of a refusal`;
    throw fenceOpen(database, `${probe.label} ${what}`);
  }
}

async function tryAsApplication(
  admin: Session,
  source: DatabaseAccess,
  { signal, ...trial }: { probes: readonly Probe[]; refusals: readonly number[]; signal: AbortSignal },
): Promise<void> {
  const app = await openAsApplication(admin, source, { signal, isPlain: true });
  try {
    await tryProbes(app, { database: source.database, ...trial });
  } finally {
    await app.close();
  }
}

/** What could still be written by without asking the application's rights. */
async function findOpenings(admin: Session, { database, server }: DatabaseAccess): Promise<string | null> {
  const mark = await readFenceMark(admin, database);
  const lock = fenceNames(database, mark ?? "").holdLock;
  const [held] = await admin.rows<{ id: number | null }>("SELECT IS_USED_LOCK(?) AS id", [lock]);
  if (mark === null || held?.id == null) return `nothing on ${server.id} holds its tables`;
  if ((await readEnabledEvents(admin, database)).length > 0) return "its events run";
  const [row] = await admin.rows<{ writers: number }>(
    `SELECT COUNT(*) AS writers FROM information_schema.INNODB_TRX t
     JOIN ${admin.flavour.sessions} p ON p.ID = t.trx_mysql_thread_id
     WHERE p.DB = ? AND t.trx_rows_modified > 0`,
    [database],
  );
  if (Number(row?.writers) > 0) return "another session is writing";
  if (admin.flavour.fencedBy === "schema") return null;
  const rights = await readWriteRights(admin, database);
  if (rights.length === 0) return null;
  const routines = await readLooseRoutines(admin, database);
  return routines.length > 0
    ? "a routine may be called that writes as somebody else"
    : "rights to write are left";
}

async function readProbeTable(admin: Session, database: string): Promise<string | null> {
  const rows = await admin.rows<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME LIMIT 1`,
    [database],
  );
  return rows[0] === undefined ? null : qualified(database, rows[0].name);
}

/** Takes away what a probe has made that no server should have let pass. */
async function removeProbe(admin: Session, database: string): Promise<void> {
  const made = qualified(database, "godwit_probe");
  await admin.run(`DROP TABLE IF EXISTS ${made}`).catch(() => undefined);
  await admin.run(`DROP PROCEDURE IF EXISTS ${made}`).catch(() => undefined);
}

/** Tries to write as the application in each way it could. A database without tables is probed by making one only. */
export async function proveFence(
  source: DatabaseAccess,
  hold: FenceHold,
  signal: AbortSignal,
): Promise<void> {
  await hold.assertAlive();
  const { database } = source;
  await withAdmin(source.server, signal, async (admin) => {
    const opening = await findOpenings(admin, source);
    if (opening !== null) throw fenceOpen(database, opening);
    const isAbove = (await readAboveRights(admin)).some(({ user }) => user === source.username);
    const refusals = isAbove ? [...REFUSALS, LOCKED] : REFUSALS;
    const probes = probesOf(database, await readProbeTable(admin, database));
    const waits = isAbove && admin.flavour.fencedBy === "rights";
    const usable = waits ? probes.filter(({ label }) => !label.startsWith("a new")) : probes;
    // Where each probe waits for its lock in vain, they wait side by side.
    const groups = waits ? usable.map((probe) => [probe]) : [usable];
    const tried = await Promise.allSettled(
      groups.map((group) => tryAsApplication(admin, source, { probes: group, refusals, signal })),
    );
    const failed = tried.find((each) => each.status === "rejected");
    if (failed === undefined) return;
    if (failed.reason instanceof GodwitError) await removeProbe(admin, database);
    throw failed.reason;
  });
  await hold.assertAlive();
}
