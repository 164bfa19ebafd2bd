import type { RedisVersion } from "../../../scripts/tools/ensure-redis-versions.ts";
import { createRedisEngine } from "../../../src/engines/redis/index.ts";
import { describeLiveContract, type LiveSubject } from "../../contracts/engine-live-contract.ts";
import { aPair, aPlan, asAdmin, asApp } from "./make-subject.ts";
import { fill, fillLarge } from "./seed.ts";

function liveSubjectsFor(versions: readonly [RedisVersion, RedisVersion]) {
  return async (): Promise<LiveSubject> => {
    const { pair, stop } = await aPair(versions);
    await asAdmin(pair.source, async (admin) => {
      await fill(admin);
      await fillLarge(admin);
    });
    return {
      engine: createRedisEngine(),
      pair,
      plan: aPlan(),
      change: (database) =>
        asApp(database, async (app) => {
          await app
            .multi()
            .set("string:int", "7")
            .del("expires")
            .hset("sessions:1", "name", "changed")
            .exec();
          await app.xadd("stream", "*", "f", "v");
          await app.call(
            "FUNCTION",
            "LOAD",
            "REPLACE",
            "#!lua name=l\nredis.register_function('l', function() return 2 end)",
          );
        }),
      changeSchema: async () => undefined,
      hinder: (database) => asAdmin(database, async (admin) => void (await admin.replicaof("127.0.0.1", 1))),
      leftovers: (database, id) =>
        asAdmin(database, async (admin) => {
          const users = (await admin.call("ACL", "USERS")) as string[];
          const [, follows] = (await admin.call("CONFIG", "GET", "masteruser")) as string[];
          return [...users, follows ?? ""].filter((name) => name.includes(id));
        }),
      dispose: stop,
    };
  };
}

describeLiveContract("Redis 7 to Redis 8, replicated", liveSubjectsFor(["redis-7", "redis-8"]));
describeLiveContract("Redis 7 to Valkey 9, replicated", liveSubjectsFor(["redis-7", "valkey-9"]));
describeLiveContract("Valkey 8 to Valkey 9, replicated", liveSubjectsFor(["valkey-8", "valkey-9"]));
