import { afterAll, beforeAll } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { openQueue } from "../../src/queue/index.ts";
import { describeQueueContract, silentLog } from "../contracts/queue-contract.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { redisUrl as testRedis } from "../support/shared-servers.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

describeQueueContract("BullMQ on PostgreSQL", () =>
  openQueue({ redisUrl: null, databaseUrl: new Secret(database.url), concurrency: 4, log: silentLog }),
);

describeQueueContract("BullMQ on Redis", async () => {
  const redisUrl = new Secret(await testRedis());
  return openQueue({ redisUrl, databaseUrl: new Secret(database.url), concurrency: 4, log: silentLog });
});
