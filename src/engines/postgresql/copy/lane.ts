import type pg from "pg";
import type { DatabasePair } from "../../../core/ports/engine.ts";
import { readFromCache } from "../read-from-cache.ts";
import { RESTORE_SETTINGS } from "../schema/restore-entries.ts";
import { asAdmin, asOwner, closeSession, openSession, type SessionOptions } from "../session.ts";
import { quoteText } from "../sql.ts";
import { Wire } from "./wire.ts";

/** A worker's two sessions. The source is read as the administrator, the target written as its owner. */
export interface Lane {
  readonly source: Wire;
  readonly target: Wire;
}

/** What the sessions of a copy have in common. */
export interface LaneOptions {
  readonly signal: AbortSignal;
  /** Encoding of the source. */
  readonly encoding: string;
  /** Memory that one worker may sort in on the target, in PostgreSQL's units. */
  readonly sortMemory: string;
  /** Of all tables that are copied. */
  readonly totalBytes: number;
  /** Exported snapshot to read the source by; left out: as it stands, which a fence keeps still. */
  readonly snapshot?: string | undefined;
}

async function openSource(
  source: DatabasePair["source"],
  options: SessionOptions,
  snapshot: string | undefined,
): Promise<pg.Client> {
  const session = await openSession(asAdmin(source.server, source.database), options);
  if (snapshot === undefined) return session;
  await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await session.query(`SET TRANSACTION SNAPSHOT ${quoteText(snapshot)}`);
  return session;
}

async function openTarget(
  target: DatabasePair["target"],
  options: SessionOptions,
  totalBytes: number,
): Promise<pg.Client> {
  const session = await openSession(asOwner(target), options);
  await readFromCache(session, totalBytes);
  return session;
}

/** Opens both sessions of a worker; the caller closes them. */
export async function openLane(
  { source, target }: DatabasePair,
  { signal, encoding, sortMemory, totalBytes, snapshot }: LaneOptions,
): Promise<{ readonly lane: Lane; close(): Promise<void> }> {
  // Bytes without a known encoding must not be looked at on the way.
  const client_encoding = encoding === "SQL_ASCII" ? "SQL_ASCII" : "UTF8";
  const settings = { ...RESTORE_SETTINGS, client_encoding, maintenance_work_mem: sortMemory };
  const options = { name: "godwit copy", signal, settings };
  const sessions = await Promise.all([
    openSource(source, options, snapshot),
    openTarget(target, options, totalBytes),
  ]);
  const lane = { source: new Wire(sessions[0]), target: new Wire(sessions[1]) };
  lane.target.onDrain(() => lane.source.resume());
  const close = async (): Promise<void> => {
    lane.source.destroy();
    lane.target.destroy();
    await Promise.all(sessions.map(closeSession));
  };
  return { lane, close };
}
