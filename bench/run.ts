import { writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Fleet, startFleet } from "../playground/fleet/start-fleet.ts";
import { ensurePgClient, NEWEST_MAJOR } from "../scripts/tools/ensure-tools.ts";
import { type DataSet, dataSets } from "./datasets.ts";
import { findPgcopydb } from "./find-pgcopydb.ts";
import { type LiveWindows, measureLiveWindows } from "./live-window.ts";
import { endedChildrenCpuSeconds, serverCpuSeconds } from "./measure.ts";
import { buildGodwit, GODWIT, type Job, type Method, methods } from "./methods.ts";
import { measureMysql } from "./mysql/measure-mysql.ts";
import { query } from "./query.ts";
import { benchRedis } from "./redis.ts";
import { type Measured, renderResults, type WindowResult } from "./results.ts";
import { startWriter } from "./write-window.ts";

const OPTIONS = {
  /** `redis` and `mysql` write results of their own. */
  engine: { type: "string", default: "postgresql" },
  /** Of Redis alone. */
  keys: { type: "string", default: "1000000" },
  /** 1 is the size of the published goals: pgbench scale 100, or 4,194,304 rows on MariaDB. */
  scale: { type: "string", default: "0.2" },
  runs: { type: "string", default: "3" },
  jobs: { type: "string", default: "2" },
  sets: { type: "string", default: "big,wide,many,skewed" },
  /** Sizes in GB of databases that are switched live; empty: none. */
  live: { type: "string", default: "0.25" },
  "live-runs": { type: "string", default: "10" },
  out: { type: "string", default: fileURLToPath(new URL("RESULTS.md", import.meta.url)) },
} as const;

/** As a server that somebody cares for is set up, with every commit on disk. */
const SERVER_SETTINGS = {
  fsync: "on",
  full_page_writes: "on",
  shared_buffers: "512MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "30min",
};
const WRITES_PER_SECOND = 300;
/** A session's CPU time is its server's only when it has ended, which it does a moment after its program. */
const SETTLE_MS = 500;

interface Bench {
  readonly fleet: Fleet;
  readonly pgBin: string;
  readonly pgcopydb: string | null;
  readonly jobs: number;
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function fill(
  { fleet }: Bench,
  set: DataSet,
): Promise<{ readonly url: string; readonly bytes: number }> {
  const { url: server } = fleet.server(15);
  await query(server, `CREATE DATABASE ${set.name}`);
  const url = urlOf(server, set.name);
  await query(url, ...set.sql, "VACUUM ANALYZE");
  const [row] = await query(
    url,
    "SELECT pg_database_size(current_database())::float8 AS bytes",
    "CHECKPOINT",
    "SELECT pg_database_size(current_database())::float8 AS bytes",
  );
  return { url, bytes: Number(row?.["bytes"]) };
}

async function freshTarget({ fleet }: Bench, method: Method): Promise<string> {
  const { url: server } = fleet.server(18);
  await query(server, "DROP DATABASE IF EXISTS copy WITH (FORCE)", "CHECKPOINT");
  if (!method.makesDatabase) await query(server, "CREATE DATABASE copy TEMPLATE template0");
  return urlOf(server, "copy");
}

const serversCpu = ({ fleet }: Bench): number =>
  fleet.servers.reduce((sum, { pid }) => sum + serverCpuSeconds(pid), 0);

async function runOnce(
  bench: Bench,
  method: Method,
  { set, from }: { readonly set: string; readonly from: string },
): Promise<Measured> {
  const to = await freshTarget(bench, method);
  const job: Job = { from, to, jobs: bench.jobs, pgBin: bench.pgBin, pgcopydb: bench.pgcopydb };
  const loadBefore = loadavg()[0] ?? 0;
  const before = { client: endedChildrenCpuSeconds(), servers: serversCpu(bench), at: performance.now() };
  const { peaks, stdout } = await method.run(job);
  const wallSeconds = (performance.now() - before.at) / 1000;
  await sleep(SETTLE_MS);
  const clientCpuSeconds = endedChildrenCpuSeconds() - before.client;
  const serversCpuSeconds = serversCpu(bench) - before.servers;
  const phases = method === GODWIT ? reportOf(stdout).phases : null;
  const cpu = clientCpuSeconds + serversCpuSeconds;
  console.error(
    `${set}: ${method.name.replace("\\", "")} ${wallSeconds.toFixed(1)} s, CPU ${cpu.toFixed(1)} s, load ${loadBefore.toFixed(1)}`,
    phases ?? "",
  );
  return {
    set,
    method: method.name,
    wallSeconds,
    clientCpuSeconds,
    serversCpuSeconds,
    peaks,
    loadBefore,
    ...(phases === null ? {} : { phases }),
  };
}

function reportOf(stdout: string): { readonly phases: Record<string, number> } {
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { phases: Record<string, number> };
}

/** How long an application's writes are refused: from the last accepted one to the end of the proof. */
async function measureWindow(bench: Bench, set: string, from: string): Promise<WindowResult> {
  const to = await freshTarget(bench, GODWIT);
  const writer = await startWriter(from, WRITES_PER_SECOND);
  await GODWIT.run({ from, to, jobs: bench.jobs, pgBin: bench.pgBin, pgcopydb: null }).catch(
    async (error: unknown) => {
      await writer.stop();
      throw error;
    },
  );
  const seen = await writer.stop();
  const [copied] = await query(to, "SELECT count(*)::int AS rows, max(at) AS last FROM bench_writes");
  const [source] = await query(
    from,
    `SELECT extract(epoch FROM min(at) - (SELECT max(at) FROM bench_writes WHERE id <= ${Number(copied?.["rows"])}))::float8 AS seconds, count(*)::int AS rows FROM bench_writes WHERE id > ${Number(copied?.["rows"])}`,
  );
  await query(from, "DROP TABLE bench_writes");
  const before = seen.accepted - Number(source?.["rows"]);
  return {
    set,
    seconds: Number(source?.["seconds"]),
    accepted: before,
    lost: before - Number(copied?.["rows"]),
  };
}

/** What a whole run has gathered. */
interface Gathered {
  readonly measured: Measured[];
  readonly windows: WindowResult[];
  readonly live: LiveWindows[];
  readonly notes: string[];
  readonly sets: { readonly name: string; readonly what: string; readonly bytes: number }[];
}

/** One run of every method in turn, so that whatever else the machine does meets all of them. */
async function measureRound(
  bench: Bench,
  { set, from, gathered }: { set: string; from: string; gathered: Gathered },
  failed: Set<Method>,
): Promise<void> {
  for (const method of methods(bench.pgcopydb).filter((each) => !failed.has(each))) {
    try {
      gathered.measured.push(await runOnce(bench, method, { set, from }));
    } catch (error) {
      failed.add(method);
      const why = (error as Error).message.slice(0, 300).replaceAll(/\s+/g, " ");
      gathered.notes.push(`${method.name} did not copy ${set}: ${why}.`);
      console.error(gathered.notes.at(-1));
    }
  }
}

async function measureSet(
  bench: Bench,
  set: DataSet,
  { runs, gathered }: { runs: number; gathered: Gathered },
): Promise<void> {
  const { url, bytes } = await fill(bench, set);
  gathered.sets.push({ name: set.name, what: set.what, bytes });
  const failed = new Set<Method>();
  for (let run = 0; run < runs; run += 1) {
    await measureRound(bench, { set: set.name, from: url, gathered }, failed);
  }
  gathered.windows.push(await measureWindow(bench, set.name, url));
  await query(bench.fleet.server(15).url, `DROP DATABASE ${set.name} WITH (FORCE)`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.engine === "redis") return benchRedis({ keys: Number(values.keys), runs: Number(values.runs) });
  const [scale, runs, jobs] = [Number(values.scale), Number(values.runs), Number(values.jobs)];
  if (values.engine === "mysql") return measureMysql({ scale, runs, jobs });
  const wanted = values.sets.split(",").filter(Boolean);
  const gathered: Gathered = { measured: [], windows: [], live: [], notes: [], sets: [] };
  const [pgBin, pgcopydb] = await Promise.all([ensurePgClient(NEWEST_MAJOR), findPgcopydb(), buildGodwit()]);
  if (pgcopydb.path === null) gathered.notes.push(`pgcopydb was not measured: ${pgcopydb.why}.`);
  const fleet = await startFleet({ majors: [15, 18], settings: SERVER_SETTINGS });
  try {
    const bench: Bench = { fleet, pgBin, pgcopydb: pgcopydb.path, jobs };
    const sets = dataSets(scale).filter(({ name }) => wanted.includes(name));
    for (const set of sets) await measureSet(bench, set, { runs, gathered });
    for (const gigabytes of values.live.split(",").filter(Boolean).map(Number)) {
      gathered.live.push(
        await measureLiveWindows(fleet, { gigabytes, runs: Number(values["live-runs"]), pgBin, jobs }),
      );
    }
    const servers = fleet.servers.map(({ version }) => `PostgreSQL ${version}`);
    const versions = [...servers, `pg_dump ${NEWEST_MAJOR}`, `Node.js ${process.versions.node}`];
    await writeFile(values.out, renderResults({ scale, jobs, versions, ...gathered }));
  } finally {
    await fleet.stop();
  }
}

await main();
