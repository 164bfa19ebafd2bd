import { Redis } from "ioredis";
import { type RedisServer, startRedis } from "../../../playground/servers/redis.ts";
import type { RedisVersion } from "../../../scripts/tools/ensure-redis-versions.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { createRedisEngine } from "../../../src/engines/redis/index.ts";
import type { EngineSubject, SubjectKind } from "../../contracts/engine-subject.ts";
import { readContent } from "./read-content.ts";
import { fill, fillLarge } from "./seed.ts";

export const aPlan = (facts: Partial<Plan> = {}): Plan => ({
  id: "redis-s",
  name: "S",
  engine: "redis",
  vcpus: 1,
  memoryBytes: 2 ** 30,
  diskBytes: 10 * 2 ** 30,
  connections: 100,
  shared: false,
  monthlyPrice: { minorUnits: 950, currency: "EUR" },
  ...facts,
});

const USER = `le;app"'%é`;

/** Two servers, of which the first is an add-on with a user made to hurt. */
export interface RedisPair {
  readonly pair: DatabasePair;
  readonly servers: readonly [RedisServer, RedisServer];
  readonly stop: () => Promise<void>;
}

export async function aPair(
  versions: readonly [RedisVersion, RedisVersion],
  { user = USER, lines = [[], []] }: { user?: string; lines?: readonly (readonly string[])[] } = {},
): Promise<RedisPair> {
  const [from, to] = await Promise.all(
    versions.map((version, index) => startRedis({ version, lines: lines[index] ?? [] })),
  );
  if (!from || !to) throw new Error("two versions are two servers");
  const access = (server: RedisServer, id: string, password: string): DatabaseAccess => ({
    server: { id, adminUrl: new Secret(server.adminUrl) },
    database: id === "old" ? "0" : "sessions_k3f9x2",
    username: user,
    password: new Secret(password),
  });
  const pair = { source: access(from, "old", `p'w"%\\:@/ é`), target: access(to, "new", "a new pass word") };
  await asAdmin(pair.source, (admin) =>
    admin.call(
      "ACL",
      "SETUSER",
      user,
      "reset",
      "on",
      `>${pair.source.password.reveal()}`,
      "~*",
      "&*",
      "+@all",
      "-@admin",
      "(~extra:* +set)",
    ),
  );
  return { pair, servers: [from, to], stop: async () => void (await Promise.all([from.stop(), to.stop()])) };
}

async function connected<T>(url: string, login: object, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, {
    ...login,
    lazyConnect: true,
    protocol: 2,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}

/** Runs work as the server's administrator. */
export function asAdmin<T>(database: DatabaseAccess, work: (client: Redis) => Promise<T>): Promise<T> {
  return connected(database.server.adminUrl.reveal(), {}, work);
}

/** Runs work as the application. */
export function asApp<T>(database: DatabaseAccess, work: (client: Redis) => Promise<T>): Promise<T> {
  // What stands in a URL would win over the options.
  const { hostname, port } = new URL(database.server.adminUrl.reveal());
  const login = { username: database.username, password: database.password.reveal() };
  return connected(`redis://${hostname}:${port}`, login, work);
}

const writing =
  (work: (client: Redis) => Promise<unknown>) =>
  async (database: DatabaseAccess): Promise<void> =>
    void (await asApp(database, work));

/** Every way in which an application of this kind of database may write. */
const WRITES: EngineSubject["writes"] = {
  "a plain write": writing((app) => app.set("writes:plain", "1")),
  "a key of a selector": writing((app) => app.set("extra:1", "1")),
  "a script": writing((app) => app.call("EVAL", "return redis.call('SET', KEYS[1], 1)", 1, "writes:script")),
  "a function": writing((app) => app.call("FCALL", "godwit_test_write", 1, "writes:function")),
  "a transaction": writing(async (app) => {
    await app.call("MULTI");
    await app.call("SET", "writes:multi", "1");
    if ((await app.call("EXEC")) === null) throw new Error("not executed");
  }),
  "a read that waits and takes": writing(async (app) => {
    await app.rpush("writes:queue", "job");
    await app.call("BLPOP", "writes:queue", "1");
  }),
  "a new function": writing((app) =>
    app.call(
      "FUNCTION",
      "LOAD",
      "REPLACE",
      "#!lua name=later\nredis.register_function('later', function() return 1 end)",
    ),
  ),
  "emptying another database": writing(async (app) => {
    await app.select(9);
    await app.call("FLUSHDB");
  }),
};

const LIBRARY = `#!lua name=godwit_test
redis.register_function('godwit_test_write', function(keys) return redis.call('SET', keys[1], 1) end)`;

async function seed(database: DatabaseAccess, kind: SubjectKind): Promise<void> {
  if (kind === "empty") return;
  await asAdmin(database, async (admin) => {
    await admin.call("FUNCTION", "LOAD", LIBRARY);
    await fill(admin);
    if (kind === "large") await fillLarge(admin);
  });
}

function readSettings(database: DatabaseAccess): Promise<unknown> {
  return asAdmin(database, async (admin) => [
    await admin.call("ACL", "LIST"),
    await admin.call("CONFIG", "GET", "min-replicas-*"),
  ]);
}

async function endSessions(database: DatabaseAccess, name: string): Promise<void> {
  await asAdmin(database, async (admin) => {
    const lines = String(await admin.call("CLIENT", "LIST")).split("\n");
    for (const line of lines.filter((each) => each.includes(` name=${name.replaceAll(" ", "_")} `)))
      await admin.call("CLIENT", "KILL", "ID", /id=(\d+)/.exec(line)?.[1] ?? "");
  });
}

/** Makes what the engine contract works with. */
export function subjectsFor(versions: readonly [RedisVersion, RedisVersion]) {
  return async (kind: SubjectKind): Promise<EngineSubject> => {
    const { pair, stop } = await aPair(versions);
    await seed(pair.source, kind);
    return {
      engine: createRedisEngine(),
      pair,
      plan: aPlan(),
      writes: WRITES,
      read: (database) => asApp(database, async (app) => void (await app.dbsize())),
      content: (database) => asAdmin(database, readContent),
      settings: readSettings,
      weaken: (database) =>
        asAdmin(
          database,
          async (admin) => void (await admin.call("CONFIG", "SET", "min-replicas-to-write", "0")),
        ),
      turningPoints: ["copying database 3"],
      changeOneRow: (database) =>
        asAdmin(database, async (admin) => {
          await admin.hset("sessions:2", "name", "altered");
          return { table: "Database 0", value: "altered" };
        }),
      killHolder: endSessions,
      sessions: (database) =>
        asAdmin(database, async (admin) =>
          String(await admin.call("CLIENT", "LIST"))
            .split("\n")
            .filter((line) => line.includes(" name=godwit")),
        ),
      dispose: stop,
    };
  };
}
