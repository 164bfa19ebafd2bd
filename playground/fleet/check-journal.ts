import { Redis } from "ioredis";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { Client } from "pg";
import { SESSION_PREFIX } from "./shop/connect-sessions.ts";
import { type JournalEntry, readJournal } from "./shop/journal.ts";

/** What the shop was told, held against what the database holds. */
export interface JournalCheck {
  /** Writes that the shop was told are saved. */
  readonly accepted: number;
  /** How many of them the database holds. */
  readonly present: number;
  /** Refs of lost writes: accepted, and not in the database. Must be empty. */
  readonly missing: readonly number[];
  /** Writes refused since the server takes none. */
  readonly refused: number;
  /** Attempts that ended in another way, by the server's code or Node's; those left open were tried again. */
  readonly otherErrors: Readonly<Record<string, number>>;
}

/** Proves from the shop's journal that no accepted write is lost. `url` is any user who may read what the shop writes. */
export async function checkJournal(journalFile: string, url: string): Promise<JournalCheck> {
  const entries = readJournal(journalFile);
  const accepted = entries.filter(({ outcome }) => outcome === "accepted").map(({ ref }) => ref);
  const saved = await readRefs(url);
  const missing = accepted.filter((ref) => !saved.has(ref));
  const otherErrors: Record<string, number> = {};
  for (const { outcome, code } of entries) {
    if (outcome === "error") otherErrors[code ?? "unknown"] = (otherErrors[code ?? "unknown"] ?? 0) + 1;
  }
  const refused = entries.filter(({ outcome }) => outcome === "refused").length;
  return {
    accepted: accepted.length,
    present: accepted.length - missing.length,
    missing,
    refused,
    otherErrors,
  };
}

async function readRefs(url: string): Promise<ReadonlySet<number>> {
  if (url.startsWith("redis")) return readSessions(url);
  return url.startsWith("mysql") ? readPriceChanges(url) : readOrders(url);
}

async function readPriceChanges(url: string): Promise<ReadonlySet<number>> {
  const session = await mysql.createConnection(url);
  try {
    const query = "SELECT client_ref AS ref FROM price_changes WHERE client_ref IS NOT NULL";
    const [rows] = await session.query<RowDataPacket[]>(query);
    return new Set(rows.map((row) => Number(row["ref"])));
  } finally {
    session.destroy();
  }
}

async function readSessions(url: string): Promise<ReadonlySet<number>> {
  const client = new Redis(url);
  try {
    const keys = await client.keys(`${SESSION_PREFIX}*`);
    return new Set(keys.map((key) => Number(key.slice(SESSION_PREFIX.length))));
  } finally {
    client.disconnect();
  }
}

async function readOrders(connectionString: string): Promise<ReadonlySet<number>> {
  const client = new Client({ connectionString, application_name: "check-journal" });
  await client.connect();
  try {
    const query = "SELECT client_ref::float8 AS ref FROM orders WHERE client_ref IS NOT NULL";
    return new Set((await client.query<{ ref: number }>(query)).rows.map(({ ref }) => ref));
  } finally {
    await client.end();
  }
}

/** How long the shop could not write, as its customers saw it. */
export interface RefusedWindow {
  /** From the first refused write to the last one. */
  readonly refusedMs: number;
  /** From the last accepted write before the first refusal to the first accepted one after the last refusal. */
  readonly gapMs: number;
}

/**
 * Reads the last window from a journal: refusals with no accepted write between them. Null when nothing
 * was refused or nothing was accepted since.
 */
export function readRefusedWindow(entries: readonly JournalEntry[]): RefusedWindow | null {
  const last = entries.findLast(({ outcome }) => outcome === "refused")?.at;
  if (last === undefined) return null;
  const accepted = entries.filter(({ outcome }) => outcome === "accepted").map(({ at }) => at);
  const [before, after] = [accepted.findLast((at) => at <= last), accepted.find((at) => at > last)];
  const first = entries.find(({ outcome, at }) => outcome === "refused" && at >= (before ?? 0))?.at ?? last;
  return after === undefined ? null : { refusedMs: last - first, gapMs: after - (before ?? first) };
}
