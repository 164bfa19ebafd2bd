import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Fleet } from "../playground/fleet/start-fleet.ts";
import { hasCaughtUp } from "../src/core/gate.ts";
import type { Plan } from "../src/core/plan.ts";
import type { DatabasePair, Engine, EngineCall } from "../src/core/ports/engine.ts";
import type { Log } from "../src/core/ports/log.ts";
import type { Replication, ReplicationPlan } from "../src/core/ports/replication.ts";
import { Secret } from "../src/core/secret.ts";
import { createPostgresqlEngine } from "../src/engines/postgresql/index.ts";
import { dataSets } from "./datasets.ts";
import { query } from "./query.ts";
import { median } from "./results.ts";
import { startWriter, type Writer } from "./write-window.ts";

/** Windows of one size of database. */
export interface LiveWindows {
  readonly bytes: number;
  /** Seconds from the last write accepted by the old database to the first accepted by the new one, by run. */
  readonly seconds: readonly number[];
  /** Seconds of the comparison before the fence, by run; the first reads everything. */
  readonly preparing: readonly number[];
  /** Medians, in seconds, of what a window is made of. */
  readonly parts: Readonly<Record<string, number>>;
  readonly copySeconds: number;
  readonly writesPerSecond: number;
  readonly lost: number;
}

interface Subject {
  readonly engine: Engine;
  readonly replication: Replication;
  readonly pair: DatabasePair;
  readonly plan: ReplicationPlan;
}

/** Gigabytes that scale 1 of the data set `big` takes with its indexes. */
const SCALE_GB = 1.9;
const OWNER = "bench_owner";
const PASSWORD = "bench-owner";
const WRITES_PER_SECOND = 300;
/** Time in which the application writes before each switch. */
const WRITING_MS = 3_000;

const WRITE = (accounts: number): string => `WITH changed AS (
    UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = (SELECT 1 + floor(random() * ${accounts})::int))
  INSERT INTO bench_writes DEFAULT VALUES`;
const PLAN: Plan = {
  id: "bench",
  name: "bench",
  engine: "postgresql",
  vcpus: 2,
  memoryBytes: 2 ** 31,
  diskBytes: 2 ** 37,
  connections: 50,
  shared: false,
  monthlyPrice: { minorUnits: 0, currency: "EUR" },
};

const { signal } = new AbortController();
const ignore = (): void => undefined;
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => log };
const clock = { now: () => new Date(), sleep: (milliseconds: number) => sleep(milliseconds) };
const call: EngineCall = { signal, log, clock, report: ignore };

function urlOf(server: string, isOwner: boolean): string {
  const url = new URL(server);
  url.pathname = "/live";
  if (isOwner) [url.username, url.password] = [OWNER, PASSWORD];
  return url.href;
}

async function makeSource(server: string, gigabytes: number): Promise<number> {
  const [set] = dataSets(gigabytes / SCALE_GB);
  await query(
    server,
    `CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`,
    `CREATE DATABASE live OWNER ${OWNER}`,
  );
  await query(
    urlOf(server, true),
    ...(set?.sql ?? []),
    "ALTER TABLE pgbench_history ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "VACUUM ANALYZE",
  );
  const [row] = await query(
    urlOf(server, false),
    "CHECKPOINT",
    "SELECT pg_database_size('live')::float8 AS bytes",
  );
  return Number(row?.["bytes"]);
}

const access = (server: string, id: string): DatabasePair["source"] => ({
  server: { id, adminUrl: new Secret(server) },
  database: "live",
  username: OWNER,
  password: new Secret(PASSWORD),
});

interface LiveOrder {
  readonly gigabytes: number;
  readonly runs: number;
  readonly pgBin: string;
  readonly jobs: number;
}

/** Measures switches of one replicated database; each is taken back, so that the next one can follow. */
export async function measureLiveWindows(fleet: Fleet, order: LiveOrder): Promise<LiveWindows> {
  const [from, to] = [fleet.server(15).url, fleet.server(18).url];
  const bytes = await makeSource(from, order.gigabytes);
  const engine = createPostgresqlEngine({
    jobs: order.jobs,
    env: { ...process.env, GODWIT_PG_BIN: order.pgBin },
  });
  if (!engine.replication) throw new Error("the engine does not replicate");
  const pair = { source: access(from, "old"), target: access(to, "new") };
  const plan = { id: "mig_bench", backlogLimitBytes: 64 * 1024 ** 3 };
  const subject = { engine, replication: engine.replication, pair, plan };
  const [accounts] = await query(urlOf(from, true), "SELECT max(aid) AS n FROM pgbench_accounts");
  const writer = await startWriter(urlOf(from, true), WRITES_PER_SECOND, WRITE(Number(accounts?.["n"])));
  try {
    const startedAt = performance.now();
    await engine.provision(pair, PLAN, call);
    await engine.copySchema(pair, call);
    await subject.replication.start(pair, plan, call);
    const copySeconds = (performance.now() - startedAt) / 1000;
    return { bytes, copySeconds, ...(await switchOften(subject, { writer, runs: order.runs })) };
  } finally {
    await writer.stop();
    await subject.replication.end(pair, plan.id, signal);
    await engine.drop(pair.target, signal);
    await engine.drop(pair.source, signal);
  }
}

interface Switch {
  readonly window: number;
  readonly preparing: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly lost: number;
}

async function switchOften(
  subject: Subject,
  { writer, runs }: { readonly writer: Writer; readonly runs: number },
): Promise<Omit<LiveWindows, "bytes" | "copySeconds">> {
  const switches: Switch[] = [];
  const [startedAt, before] = [performance.now(), writer.seen().accepted];
  let refusing = 0;
  while (switches.length < runs) {
    await sleep(WRITING_MS);
    const one = await switchOnce(subject, writer);
    refusing += one.window;
    console.error(
      `live: window ${one.window.toFixed(2)} s`,
      one.parts,
      `compared before in ${one.preparing.toFixed(1)} s`,
    );
    switches.push(one);
  }
  const writing = (performance.now() - startedAt) / 1000 - refusing;
  const names = Object.keys(switches[0]?.parts ?? {});
  return {
    seconds: switches.map(({ window }) => window),
    preparing: switches.map(({ preparing }) => preparing),
    parts: Object.fromEntries(
      names.map((name) => [name, median(switches.map(({ parts }) => parts[name] ?? 0))]),
    ),
    writesPerSecond: (writer.seen().accepted - before) / writing,
    lost: switches.reduce((sum, { lost }) => sum + lost, 0),
  };
}

async function switchOnce({ engine, replication, pair, plan }: Subject, writer: Writer): Promise<Switch> {
  const parts: Record<string, number> = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const done = await work();
    parts[name] = (performance.now() - startedAt) / 1000;
    return done;
  };
  while (!hasCaughtUp(await replication.lag(pair, plan, signal))) await sleep(200);
  const schema = await engine.schemaFingerprint(pair.source, signal);
  const preparedFrom = performance.now();
  await replication.prepareSwitch(pair, plan, call);
  const preparing = (performance.now() - preparedFrom) / 1000;
  const undo = await engine.planFence(pair.source, signal);
  const hold = await timed("fence", () => engine.fence(pair.source, undo, plan.id, call));
  await timed("proof of the fence", () => engine.proveFence(pair.source, hold, signal));
  await timed("schema", async () => {
    if ((await engine.schemaFingerprint(pair.source, signal)) !== schema)
      throw new Error("the schema changed");
  });
  await timed("drain", () => replication.drain(pair, plan, { hold, call }));
  await timed("verify", () => replication.verify(pair, plan, { hold, call }));
  const acceptedAt = await timed("first write", () => writeOnce(pair.target));
  const { accepted, lastAcceptedAt } = writer.seen();
  const [copied] = await query(
    urlOf(pair.target.server.adminUrl.reveal(), false),
    "SELECT count(*)::int AS rows FROM bench_writes",
  );
  await engine.unfence(pair.source, undo, plan.id, signal);
  await hold.release();
  await replication.resume(pair, plan, signal);
  return {
    window: (acceptedAt - lastAcceptedAt) / 1000,
    preparing,
    parts,
    lost: accepted - Number(copied?.["rows"]),
  };
}

/** Connects to the new database as its application would and writes; taken back, since the next switch follows. */
async function writeOnce(target: DatabasePair["target"]): Promise<number> {
  const client = new Client({ connectionString: urlOf(target.server.adminUrl.reveal(), true) });
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query("INSERT INTO bench_writes DEFAULT VALUES");
    const acceptedAt = performance.now();
    await client.query("ROLLBACK");
    return acceptedAt;
  } finally {
    await client.end();
  }
}
