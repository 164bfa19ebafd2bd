import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { expect } from "vitest";
import type { DatabaseAccess } from "../../src/core/ports/engine.ts";
import { adminUrl, appUrl } from "../engines/postgresql/database-urls.ts";
import { LIVE } from "../engines/postgresql/live-subject.ts";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import type { Copies, CopySubject, RunningCopy } from "./copy-support.ts";

/** Every kind of table, one that a test writes to, and one that takes a moment to copy. */
export const LIVE_SOURCE = `${LIVE}
CREATE TABLE public.heartbeat (n int PRIMARY KEY);
CREATE TABLE public.bulk (id int PRIMARY KEY, note text); INSERT INTO public.bulk SELECT i, repeat('b', 500) FROM generate_series(1, 4000) i`;

/** Makes the copy of `bulk` take long enough to be interrupted in it. */
export const LONGER =
  "INSERT INTO public.bulk SELECT i, repeat('b', 900) FROM generate_series(4001, 60000) i";

/** An application that writes all the time, whatever happens to its connection. */
export interface Writer {
  /** Numbers whose writes were acknowledged. */
  readonly accepted: readonly number[];
  stop(): Promise<void>;
}

/** Starts an application that writes one number after the other into `heartbeat`. */
export function startWriter(database: DatabaseAccess): Writer {
  const accepted: number[] = [];
  const stop = new AbortController();
  let n = 0;
  const writeWhileConnected = async (client: Client): Promise<void> => {
    await client.connect();
    while (!stop.signal.aborted) {
      n += 1;
      await client.query("INSERT INTO public.heartbeat VALUES ($1)", [n]);
      accepted.push(n);
      await pause(1); // An application does something else as well.
    }
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const client = new Client({ connectionString: appUrl(database) });
      client.on("error", () => undefined);
      await writeWhileConnected(client).catch(() => undefined);
      await client.end().catch(() => undefined);
    }
  };
  const running = run();
  return {
    accepted,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** Whether the application can write one more number; changes no table. */
export function acceptsWrites(database: DatabaseAccess): Promise<boolean> {
  const insert = "INSERT INTO public.heartbeat VALUES ((SELECT -1 + least(min(n), 0) FROM public.heartbeat))";
  return querySql(appUrl(database), insert)
    .then(() => true)
    .catch(() => false);
}

/** Every number in `heartbeat`. */
export async function numbersIn(database: DatabaseAccess): Promise<ReadonlySet<number>> {
  const rows = await querySql<{ n: number }>(adminUrl(database), "SELECT n FROM public.heartbeat");
  return new Set(rows.map(({ n }) => n));
}

/** Expects that no write that was acknowledged is missing in the copy. */
export async function expectNothingLost(writer: Writer, target: DatabaseAccess): Promise<void> {
  const there = await numbersIn(target);
  expect(writer.accepted.filter((n) => !there.has(n))).toEqual([]);
  expect(writer.accepted.length).toBeGreaterThan(100);
}

const LEFT = `SELECT 'slot' AS name FROM pg_replication_slots WHERE slot_name = $NAME$
  UNION ALL SELECT 'publication' FROM pg_publication WHERE pubname LIKE 'godwit%'
  UNION ALL SELECT 'role' FROM pg_roles WHERE rolname = $NAME$
  UNION ALL SELECT 'subscription' FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()`;

/** What a replication with this ID has made on a side and not taken away. */
export async function leftOn(database: DatabaseAccess, id: string): Promise<string[]> {
  const query = LEFT.replaceAll("$NAME$", `'godwit_${id}'`);
  return (await querySql<{ name: string }>(adminUrl(database), query)).map(({ name }) => name);
}

/** The ID of the replication that stands, as the note has it; the source holds it by now. */
export async function replicationId(copies: Copies, { source }: CopySubject): Promise<string> {
  const note = await copies.note();
  const { id } = (note?.["replication"] ?? { id: "" }) as { id: string };
  await until(async () => (await leftOn(source, id)).length === 3, { what: "slot, publication and role" });
  return id;
}

/** Resolves when the copy is at its gate and follows its source. */
export function atGate(copy: RunningCopy): Promise<void> {
  return copy.seen(/"type":"gate","state":"[^"]+".*"isApplying":true/);
}

/**
 * Keeps a switch in the middle, under its fence: the copy's sequences cannot be set. Returns what lets it go on.
 */
export async function holdUpSwitch(target: DatabaseAccess): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: adminUrl(target) });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("BEGIN; ALTER SEQUENCE public.lonely INCREMENT -1");
  return () => client.end();
}
