import { afterAll, beforeAll } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { openQueue } from "../../src/queue/index.ts";
import { describeQueueContract, silentLog } from "../contracts/queue-contract.ts";
import { redisUrl } from "../support/shared-servers.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

const settings = () => ({ databaseUrl: new Secret(database.url), concurrency: 4, log: silentLog });

describeQueueContract("BullMQ on PostgreSQL", (installation) =>
  openQueue({ ...settings(), installation, redisUrl: null }),
);

describeQueueContract("BullMQ on Redis", async (installation) =>
  openQueue({ ...settings(), installation, redisUrl: new Secret(await redisUrl()) }),
);
