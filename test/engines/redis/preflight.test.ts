import type { Redis } from "ioredis";
import { expect, test } from "vitest";
import { startRedis } from "../../../playground/servers/redis.ts";
import type { RedisVersion } from "../../../scripts/tools/ensure-redis-versions.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { DatabasePair } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { Strategy } from "../../../src/core/target.ts";
import { createRedisEngine } from "../../../src/engines/redis/index.ts";
import { aCall, HOLDER } from "../../contracts/engine-subject.ts";
import { until } from "../../support/until.ts";
import { aPair, aPlan, asAdmin, type RedisPair } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = createRedisEngine();

/** What makes a finding fire, and what it says. */
interface Trouble {
  readonly versions?: readonly [RedisVersion, RedisVersion];
  readonly lines?: readonly [string[], string[]];
  readonly user?: string;
  readonly plan?: Partial<Plan>;
  readonly strategy?: Strategy;
  readonly source?: (client: Redis) => Promise<unknown>;
  readonly target?: (client: Redis) => Promise<unknown>;
  readonly change?: (
    pair: DatabasePair,
    servers: RedisPair["servers"],
  ) => DatabasePair | Promise<DatabasePair>;
  readonly level: "blocker" | "warning" | "info";
  readonly says: RegExp;
}

const megabyte = (client: Redis) => client.set("large", "x".repeat(3_000_000));

const TROUBLES: Readonly<Record<string, Trouble>> = {
  "target-older": { versions: ["redis-8", "redis-7"], level: "blocker", says: /older than 8\.0/ },
  "engine-change": { versions: ["valkey-8", "redis-8"], level: "blocker", says: /does not go back to Redis/ },
  "source-is-replica": {
    source: (client) => client.replicaof("127.0.0.1", 1),
    level: "blocker",
    says: /follows another/,
  },
  "target-is-replica": {
    target: (client) => client.replicaof("127.0.0.1", 1),
    level: "blocker",
    says: /replica/,
  },
  "cluster-mode": { lines: [["cluster-enabled yes"], []], level: "blocker", says: /node of a cluster/ },
  "already-fenced": {
    change: async (pair) => {
      const undo = await engine.planFence(pair.source, signal);
      await (await engine.fence(pair.source, undo, HOLDER, aCall())).release();
      return pair;
    },
    level: "blocker",
    says: /kept from being written to, by godwit_mig_contract/,
  },
  "live-versions": {
    versions: ["redis-8", "valkey-9"],
    strategy: "live",
    level: "blocker",
    says: /does not understand the replication/,
  },
  "administrator-rights": {
    target: (client) => client.call("ACL", "SETUSER", "godwit", "-flushall"),
    level: "blocker",
    says: /may not use FLUSHALL/,
  },
  "administrator-is-user": {
    user: "default",
    change: (pair, [, to]) => ({
      ...pair,
      target: { ...pair.target, server: { id: "new", adminUrl: new Secret(to.url) } },
    }),
    level: "blocker",
    says: /connects as default too/,
  },
  "user-missing": {
    change: ({ source, target }) => ({ source: { ...source, username: "nobody" }, target }),
    level: "blocker",
    says: /no user nobody/,
  },
  "user-rights": {
    versions: ["redis-8", "valkey-9"],
    source: (client) => client.call("ACL", "SETUSER", "plain", "+vadd"),
    user: "plain",
    level: "blocker",
    says: /does not know: vadd/,
  },
  "other-users": { level: "warning", says: /users default are not carried over/ },
  "target-taken": {
    target: (client) => client.call("ACL", "SETUSER", "godwit:addon:baskets_1", "off"),
    level: "blocker",
    says: /belongs to baskets_1/,
  },
  "target-not-empty": { target: (client) => client.set("a", 1), level: "blocker", says: /is not empty/ },
  maxmemory: {
    source: megabyte,
    target: (client) => client.call("CONFIG", "SET", "maxmemory", "2mb"),
    level: "blocker",
    says: /maxmemory is 2(\.0)? MiB/,
  },
  "plan-memory": {
    source: megabyte,
    plan: { memoryBytes: 1_000_000 },
    level: "blocker",
    says: /S has .* of memory/,
  },
  "maxmemory-policy": {
    target: (client) => client.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru"),
    level: "warning",
    says: /policy is noeviction, the new one's allkeys-lru/,
  },
  eviction: {
    source: megabyte,
    target: async (client) => {
      await client.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
      await client.call("CONFIG", "SET", "maxmemory", "4500kb");
    },
    level: "warning",
    says: /nearly full at once/,
  },
  databases: {
    lines: [["databases 32"], []],
    source: async (client) => {
      await client.select(20);
      await client.set("a", 1);
    },
    level: "blocker",
    says: /database 20 holds keys, and the new server has 16/,
  },
  "notify-keyspace-events": {
    source: (client) => client.call("CONFIG", "SET", "notify-keyspace-events", "Ex"),
    level: "warning",
    says: /on the old server and empty on the new/,
  },
  appendonly: {
    target: (client) => client.call("CONFIG", "SET", "appendonly", "no"),
    level: "warning",
    says: /appendonly is yes on the old server and no/,
  },
  "module-type": {
    versions: ["redis-8", "valkey-9"],
    source: (client) => client.call("VADD", "vectors", "VALUES", 2, 1, 0.5, "a"),
    level: "blocker",
    says: /vectorset/,
  },
  "payload-version": {
    versions: ["redis-8", "valkey-9"],
    source: (client) => client.set("a", 1),
    level: "info",
    says: /written anew by its type/,
  },
  "expiring-fields": {
    versions: ["redis-8", "valkey-8"],
    source: async (client) => {
      await client.hset("hash", "field", "value");
      await client.call("HPEXPIRE", "hash", 1_000_000, "FIELDS", 1, "field");
    },
    level: "blocker",
    says: /would never expire/,
  },
  scripts: {
    source: (client) => client.call("SCRIPT", "LOAD", "return 1"),
    level: "info",
    says: /SCRIPT LOAD are not carried over/,
  },
};

async function findingsOf(trouble: Trouble) {
  const { versions = ["redis-7", "redis-8"], user, lines, plan = {}, strategy = "dump" } = trouble;
  const made = await aPair(versions, { ...(user && { user }), ...(lines && { lines }) });
  try {
    if (trouble.source) await asAdmin(made.pair.source, trouble.source);
    if (trouble.target) await asAdmin(made.pair.target, trouble.target);
    const pair = (await trouble.change?.(made.pair, made.servers)) ?? made.pair;
    const input = {
      source: pair.source,
      targetServer: pair.target.server,
      targetPlan: aPlan(plan),
      strategy,
    };
    return await engine.preflight(input, signal);
  } finally {
    await made.stop();
  }
}

test.each(Object.entries(TROUBLES))("finds %s, and says what to do about it", async (check, trouble) => {
  const finding = (await findingsOf(trouble)).find(
    (each) => each.check === check || (check === "engine-change" && each.check === "target-older"),
  );
  expect(finding).toMatchObject({ level: trouble.level, summary: expect.stringMatching(trouble.says) });
  if (trouble.level !== "info") expect(finding?.remedy).toMatch(/^[A-Z].*\.$/);
});

test("warns of replicas, which do not follow", async () => {
  const [{ pair, servers, stop }, replica] = await Promise.all([
    aPair(["redis-7", "redis-8"]),
    startRedis({ version: "redis-7" }),
  ]);
  try {
    const { password } = new URL(servers[0].adminUrl);
    const of = { server: { id: "replica", adminUrl: new Secret(replica.adminUrl) } };
    await asAdmin({ ...pair.source, ...of }, async (client) => {
      await client.call("CONFIG", "SET", "masteruser", "godwit", "masterauth", password);
      await client.replicaof("127.0.0.1", servers[0].port);
      const isUp = async () => (await client.info("replication")).includes("master_link_status:up");
      await until(isUp, { what: "the replica to follow" });
    });
    const input = { source: pair.source, targetServer: pair.target.server, targetPlan: aPlan() };
    expect(await engine.preflight(input, signal)).toContainEqual(
      expect.objectContaining({ check: "replicas", level: "warning" }),
    );
  } finally {
    await replica.stop();
    await stop();
  }
});

test("finds nothing that stands in the way of an ordinary move", async () => {
  const findings = await findingsOf({ level: "info", says: /./ });
  expect(findings.filter(({ level }) => level === "blocker")).toEqual([]);
});
