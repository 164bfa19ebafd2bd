import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import type { Secret } from "../../../core/secret.ts";
import { describeError, sqlState } from "../errors.ts";
import { readVersion } from "../server-version.ts";
import { asAdmin, type SessionOptions, withSession } from "../session.ts";
import { SILENT_SETTINGS } from "../silent-settings.ts";
import { quoteName, quoteText } from "../sql.ts";

const PARALLEL_SINCE = 160_000;
const STOPS_ON_ERROR_SINCE = 150_000;
const RUNS_AS_TABLE_OWNER_SINCE = 160_000;
/** Time for the target to reach the source: the server heeds no `connect_timeout` there. */
const CONNECT_MS = 20_000;

/** What a subscription is made of. */
export interface NewSubscription {
  readonly name: string;
  readonly connection: Secret;
  /** Whether every column's binary form means the same on both sides. */
  readonly isBinary: boolean;
  readonly sourceVersion: number;
  /** Whether a change that cannot be applied stops it, instead of being tried for ever; from version 15 on. */
  readonly stopsOnError?: boolean;
  /** With whose rights changes are applied before version 16; the owner of the database where nobody is named. */
  readonly appliesAs?: string;
}

function silent(signal: AbortSignal): SessionOptions {
  return { name: "godwit subscription", signal, settings: SILENT_SETTINGS };
}

/** A session of the administrator in the target; a target that is gone is `undefined`. */
async function inTarget<T>(
  target: Omit<DatabaseAccess, "password">,
  signal: AbortSignal,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await withSession(asAdmin(target.server, target.database), silent(signal), work);
  } catch (error) {
    if (sqlState(error) === "3D000") return undefined;
    throw error;
  }
}

/** State of the target's subscription; null when there is none. */
export async function readSubscription(
  target: DatabaseAccess,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly isEnabled: boolean } | null> {
  const found = await inTarget(target, signal, async (admin) => {
    const { rows } = await admin.query<{ isEnabled: boolean }>(
      `SELECT subenabled AS "isEnabled" FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
       WHERE d.datname = current_database() AND subname = $1`,
      [name],
    );
    return rows[0] ?? null;
  });
  return found ?? null;
}

/**
 * The origin is left at `any`: with `none`, rows that another replication writes on the source would not
 * come over. Nothing can go round in a circle, since changes flow in one direction only.
 */
function createStatement(wanted: NewSubscription, version: number): string {
  const onError =
    wanted.stopsOnError === true && version >= STOPS_ON_ERROR_SINCE ? ", disable_on_error = true" : "";
  const isParallel = Math.min(version, wanted.sourceVersion) >= PARALLEL_SINCE;
  return `CREATE SUBSCRIPTION ${quoteName(wanted.name)} CONNECTION ${quoteText(wanted.connection.reveal())}
    PUBLICATION ${quoteName(wanted.name)} WITH (enabled = false, create_slot = false, copy_data = false,
      slot_name = ${quoteText(wanted.name)}, binary = ${wanted.isBinary}, streaming = ${isParallel ? "parallel" : "on"}${onError})`;
}

/**
 * Before version 16 changes are applied with the rights of the subscription's owner, in whose name the
 * database's own functions then run: index expressions, checks. That must not be a superuser, and only a
 * superuser may be made the owner, so the role is one for the time of this transaction alone, unseen.
 */
async function handOver(admin: pg.Client, name: string, owner: string): Promise<void> {
  const role = quoteName(owner);
  await admin.query(`ALTER ROLE ${role} SUPERUSER`);
  await admin.query(`ALTER SUBSCRIPTION ${quoteName(name)} OWNER TO ${role}`);
  await admin.query(`ALTER ROLE ${role} NOSUPERUSER`);
}

function cannotReach(target: DatabaseAccess, source: DatabaseAccess, error: unknown): unknown {
  const state = sqlState(error);
  if (state === null || !/^(08...|28...|57014)$/.test(state)) return error;
  const { host, port } = asAdmin(source.server);
  return new GodwitError({
    code: "replication-unreachable",
    summary: `Server ${target.server.id} cannot connect to server ${source.server.id} at ${host}, port ${port}, to read its changes.`,
    remedy:
      "Let the new server reach the old one (address, firewall, pg_hba.conf), or choose to copy while read-only.",
    cause: new Error(describeError(error)),
  });
}

/** The subscription's two sides. */
export interface Sides {
  readonly source: DatabaseAccess;
  readonly target: DatabaseAccess;
}

async function subscribe(
  { source, target }: Sides,
  wanted: NewSubscription,
  { signal, end }: { readonly signal: AbortSignal; readonly end: "COMMIT" | "ROLLBACK" },
): Promise<void> {
  await withSession(asAdmin(target.server, target.database), silent(signal), async (admin) => {
    const version = await readVersion(admin);
    await admin.query("BEGIN");
    try {
      await admin.query(`SET LOCAL statement_timeout = ${CONNECT_MS}`);
      await admin.query(createStatement(wanted, version));
    } catch (error) {
      throw cannotReach(target, source, error);
    }
    if (version < RUNS_AS_TABLE_OWNER_SINCE)
      await handOver(admin, wanted.name, wanted.appliesAs ?? target.username);
    await admin.query(end);
  });
}

/** Tries everything that making the subscription needs, and leaves nothing: before hours of copying. */
export function trySubscription(sides: Sides, wanted: NewSubscription, signal: AbortSignal): Promise<void> {
  return subscribe(sides, wanted, { signal, end: "ROLLBACK" });
}

/** Makes the subscription, which does not run yet. That it exists says that the copy is complete. */
export function createSubscription(
  sides: Sides,
  wanted: NewSubscription,
  signal: AbortSignal,
): Promise<void> {
  return subscribe(sides, wanted, { signal, end: "COMMIT" });
}

/** Lets the subscription run, or stops it. */
export async function enableSubscription(
  target: DatabaseAccess,
  name: string,
  { isEnabled, signal }: { readonly isEnabled: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const verb = isEnabled ? "ENABLE" : "DISABLE";
  await inTarget(target, signal, (admin) => admin.query(`ALTER SUBSCRIPTION ${quoteName(name)} ${verb}`));
}

/** Drops the subscription, and leaves its slot alone. Does nothing where there is none. */
export async function dropSubscription(
  target: Omit<DatabaseAccess, "password">,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  await inTarget(target, signal, async (admin) => {
    const { rowCount } = await admin.query(
      `SELECT 1 FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
       WHERE d.datname = current_database() AND subname = $1`,
      [name],
    );
    if (rowCount === 0) return;
    await admin.query(`ALTER SUBSCRIPTION ${quoteName(name)} DISABLE`);
    await admin.query(`ALTER SUBSCRIPTION ${quoteName(name)} SET (slot_name = NONE)`);
    await admin.query(`DROP SUBSCRIPTION ${quoteName(name)}`);
  });
}
