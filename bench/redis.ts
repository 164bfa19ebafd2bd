import { writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { type RedisServer, startRedis } from "../playground/servers/redis.ts";
import { formatBytes, formatCount } from "../src/core/format.ts";
import { buildGodwit, GODWIT } from "./methods.ts";
import { median } from "./results.ts";

/** What is measured. */
export interface RedisBench {
  readonly keys: number;
  readonly runs: number;
}

/** One run of both methods, in turn. */
interface Round {
  readonly replication: number;
  readonly copy: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly peakBytes: number;
  readonly load: number;
}

const VERSIONS = ["redis-7", "redis-8"] as const;
const GOAL_SECONDS = 30;
const PART = 20_000;
const RESULTS = fileURLToPath(new URL("RESULTS-redis.md", import.meta.url));

/** Seven in ten are strings of 100 bytes, two hashes of five fields, the rest lists, sets and sorted sets; half expire. */
const FILL = `
local from, to, expires = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
for i = from, to do
  local kind, key = i % 20, 'bench:' .. i
  if kind < 14 then redis.call('SET', key, string.rep(redis.sha1hex(tostring(i)), 2) .. string.rep('x', 20))
  elseif kind < 18 then redis.call('HSET', key, 'id', i, 'name', 'Customer ' .. i, 'mail', i .. '@example.com', 'note', redis.sha1hex(key), 'seen', i * 7)
  elseif kind == 18 then redis.call('RPUSH', key, i, i + 1, i + 2, redis.sha1hex(key))
  elseif i % 40 == 19 then redis.call('SADD', key, i, 'a' .. i, 'b' .. i)
  else redis.call('ZADD', key, i, 'a' .. i, i / 3, 'b' .. i) end
  if i % 2 == 0 then redis.call('PEXPIREAT', key, expires) end
end`;

async function withClient<T>({ adminUrl }: RedisServer, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(adminUrl, { protocol: 2 });
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

function fill(server: RedisServer, keys: number): Promise<number> {
  return withClient(server, async (client) => {
    const expires = Date.now() + 7 * 86_400_000;
    for (let from = 1; from <= keys; from += PART)
      await client.call("EVAL", FILL, 0, from, Math.min(from + PART - 1, keys), expires);
    return Number(/used_memory_dataset:(\d+)/.exec(await client.info("memory"))?.[1]);
  });
}

/** Empty again, without the mark of the copy before. */
function empty(server: RedisServer): Promise<void> {
  return withClient(server, async (client) => {
    await client.call("REPLICAOF", "NO", "ONE");
    await client.call("FLUSHALL", "SYNC");
    await client.call("ACL", "DELUSER", "godwit:addon:copy");
  });
}

/** The servers' own way: from REPLICAOF until the replica has everything. It compares nothing. */
function replicate(from: RedisServer, to: RedisServer): Promise<number> {
  return withClient(to, async (client) => {
    const { username, password } = new URL(from.adminUrl);
    await client.call("CONFIG", "SET", "masteruser", username, "masterauth", password);
    const startedAt = performance.now();
    await client.call("REPLICAOF", "127.0.0.1", from.port);
    while (!/master_link_status:up/.test(await client.info("replication")))
      await new Promise((done) => setTimeout(done, 20));
    return (performance.now() - startedAt) / 1000;
  });
}

async function measure(from: RedisServer, to: RedisServer): Promise<Round> {
  const load = loadavg()[0] ?? 0;
  const replication = await replicate(from, to);
  await empty(to);
  const startedAt = performance.now();
  const job = { from: from.adminUrl, to: to.adminUrl, jobs: 2, pgBin: "", pgcopydb: null };
  const { peaks, stdout } = await GODWIT.run(job, "redis");
  const copy = (performance.now() - startedAt) / 1000;
  const { phases } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Pick<Round, "phases">;
  await empty(to);
  console.error(`replication ${replication.toFixed(1)} s, godwit copy ${copy.toFixed(1)} s`, phases);
  return { replication, copy, phases, peakBytes: peaks["node"] ?? Math.max(...Object.values(peaks)), load };
}

function render({ keys }: RedisBench, bytes: number, rounds: readonly Round[]): string {
  const of = (read: (round: Round) => number): number => median(rounds.map(read));
  const range = (read: (round: Round) => number): string =>
    `${of(read).toFixed(1)} (${Math.min(...rounds.map(read)).toFixed(1)} to ${Math.max(...rounds.map(read)).toFixed(1)})`;
  const names = Object.keys(rounds[0]?.phases ?? {});
  const phases = names
    .map((name) => `${name} ${of(({ phases }) => phases[name] ?? 0).toFixed(1)} s`)
    .join(", ");
  const copy = of((round) => round.copy);
  const verdict = copy <= GOAL_SECONDS ? "met" : `missed by ${(copy - GOAL_SECONDS).toFixed(1)} s`;
  const loads = rounds.map(({ load }) => load);
  return `# Redis and Valkey

Redis 7.0 to Redis 8.0, ${formatCount(keys)} keys of five types, half of which expire, ${formatBytes(bytes)} of data; written by \`npm run bench -- --engine redis${keys === 1_000_000 ? "" : ` --keys ${keys}`}\`. Load average before the runs: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}; both servers, the program and the disk share two CPUs.

| method | wall s, median (range) | peak memory |
|---|---|---|
| godwit copy, every key compared | ${range((round) => round.copy)} | node ${formatBytes(Math.max(...rounds.map(({ peakBytes }) => peakBytes)))} |
| replication until the link is up, nothing compared | ${range((round) => round.replication)} | – |

Goal: copied and proved in ${GOAL_SECONDS} s, ${verdict}. Against native replication: ${(copy / of((round) => round.replication)).toFixed(1)} times its time with the comparison, ${(of(({ phases }) => phases["copy"] ?? 0) / of((round) => round.replication)).toFixed(1)} times for the copy alone. Where godwit copy's time goes: ${phases}; the rest is starting Node and opening the source again.
`;
}

/** Measures both methods in turn, and writes the results of Redis. */
export async function benchRedis(bench: RedisBench): Promise<void> {
  await buildGodwit();
  const lines = ["repl-diskless-sync-delay 0", "appendonly no"];
  const [from, to] = await Promise.all(VERSIONS.map((version) => startRedis({ version, lines })));
  if (from === undefined || to === undefined) throw new Error("two versions are two servers");
  try {
    const bytes = await fill(from, bench.keys);
    const rounds: Round[] = [];
    for (let run = 0; run < bench.runs; run += 1) rounds.push(await measure(from, to));
    await writeFile(RESULTS, render(bench, bytes, rounds));
  } finally {
    await Promise.all([from.stop(), to.stop()]);
  }
}
