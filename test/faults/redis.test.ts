import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisServer, startRedis } from "../../playground/servers/redis.ts";
import { GodwitError } from "../../src/core/failure.ts";
import { Secret } from "../../src/core/secret.ts";
import { checkRedis } from "../../src/queue/index.ts";
import { askForMigration, startMigration, untilState } from "../journeys/ask-for-migration.ts";
import { expectNothingLost } from "../journeys/expect-nothing-lost.ts";
import { withStage } from "../journeys/stage.ts";
import { until } from "../support/until.ts";
import { amount } from "./length.ts";

const CRASHES = amount(2, 8);
const LONG = { timeoutMs: 120_000 };

let redis: RedisServer;
let admin: Redis;
beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url, { maxRetriesPerRequest: null });
  admin.on("error", () => undefined);
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});

describe("a Redis that keeps the queue", () => {
  it("may forget everything before and during a migration: the sweep rings again", async () => {
    await withStage({ platform: "Slack", rows: 500 }, async (stage) => {
      const environment = { REDIS_URL: redis.url };
      await stage.startGodwit({ roles: "bot", environment });
      const root = await askForMigration(stage.chat);
      await stage.chat.person("alice").presses(root, "Migrate the database");
      await untilState(stage, "queued");
      await until(async () => (await admin.keys("bull:*")).length > 0, { what: "the job" });
      await admin.flushall();

      const first = await stage.startGodwit({
        roles: "worker",
        environment: { ...environment, HOLD_AT: "copy-schema" },
      });
      await first.holding("copy-schema");
      await admin.flushall();
      await first.kill("SIGKILL");
      await stage.startGodwit({ roles: "worker", environment });
      await root.thread().waitFor(/orders is migrated/, LONG);
      await untilState(stage, "succeeded");
      await expectNothingLost(stage);
    });
  }, 300_000);

  it("may crash and come back again and again during a migration", async () => {
    await withStage({ platform: "Slack", rows: 500 }, async (stage) => {
      const environment = { REDIS_URL: redis.url };
      await stage.startGodwit({ environment });
      const thread = await startMigration(stage.chat);
      for (let crash = 0; crash < CRASHES; crash += 1) {
        await redis.restart();
        await sleep(Math.random() * 1_000);
      }
      await thread.waitFor(/orders is migrated/, LONG);
      await untilState(stage, "succeeded");
      await expectNothingLost(stage);
    });
  }, 300_000);

  it("is refused with what to do when it evicts keys under a full memory", async () => {
    const setter = new Redis(redis.url);
    try {
      await setter.config("SET", "maxmemory-policy", "allkeys-lru");
      const refusal: unknown = await checkRedis(new Secret(redis.url)).catch((error: unknown) => error);

      expect(refusal).toBeInstanceOf(GodwitError);
      expect(refusal).toMatchObject({ code: "redis-evicts", remedy: expect.stringContaining("noeviction") });
      await setter.config("SET", "maxmemory-policy", "noeviction");
      expect(await checkRedis(new Secret(redis.url))).toEqual({ appendOnly: true });
    } finally {
      setter.disconnect();
    }
  });
});
