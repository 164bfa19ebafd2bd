import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Pool } from "pg";
import { expect, it } from "vitest";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { expectWritesOn } from "../journeys/live-migration.ts";
import { type GodwitProcess, startGodwit } from "../journeys/start-godwit.ts";
import { askWithoutChat } from "../migrations/ask-without-chat.ts";
import { aKeyText } from "../store/a-keyring.ts";
import { createTestDatabase, querySql, type TestDatabase } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { type TestFleet, withFleet } from "../support/with-fleet.ts";
import { IS_LONG } from "./length.ts";

/** The copy is of the moment behind this step's work; "" is that of the confirmation. */
const MOMENTS = IS_LONG ? ["", "provision", "copy-schema", "copy-data", "verify"] : ["", "verify"];
const ENDED = ["succeeded", "rolled_back", "needs_support"];

/** Everything of one restored Godwit. */
interface Records {
  readonly database: TestDatabase;
  readonly pool: Pool;
  state(): Promise<string | undefined>;
  /** What the failure says. */
  failure(): Promise<string>;
}

function recordsOf(database: TestDatabase): Records {
  const pool = new Pool({ connectionString: database.url, max: 2 });
  pool.on("error", () => undefined);
  const store = createPostgresStore(pool);
  return {
    database,
    pool,
    state: async () => (await store.migrations({ limit: 1 }))[0]?.state,
    failure: async () => (await store.migrations({ limit: 1 }))[0]?.failure?.summary ?? "",
  };
}

/** A copy of a database that nobody is in, as a backup would have it. */
async function copyOf(database: TestDatabase): Promise<TestDatabase> {
  const name = `${database.name}_copy`;
  const admin = database.url.replace(/[^/]+$/, "postgres");
  await querySql(admin, `CREATE DATABASE ${name} TEMPLATE ${database.name}`);
  return {
    name,
    url: database.url.replace(/[^/]+$/, name),
    drop: async () => void (await querySql(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

async function untilEnded(records: Records): Promise<string> {
  const state = async () => (await records.state()) ?? "";
  await until(async () => ENDED.includes(await state()), { what: "the migration to end", timeoutMs: 90_000 });
  return state();
}

async function expectNothingLost({ shop, folder }: TestFleet): Promise<void> {
  await shop.stop();
  const { POSTGRESQL_ADDON_URI: url = "" } = parseEnv(await readFile(join(folder, "shop.env"), "utf8"));
  expect(await shop.checkJournal(url)).toMatchObject({ missing: [] });
}

it.each(MOMENTS)(
  "a Godwit that goes on from a copy of its database of before the switch (after %j) takes nothing from who has switched",
  async (moment) => {
    await withFleet({ rows: 1_000 }, async (subject) => {
      const secretKey = aKeyText();
      const environmentOf = ({ url }: TestDatabase) => ({
        ...subject.config.environment,
        GODWIT_CONFIG: subject.config.file,
        GODWIT_SECRET_KEY: secretKey,
        GODWIT_FOLDER: subject.folder,
        DATABASE_URL: url,
        LOG_LEVEL: "fatal",
      });
      const database = await createTestDatabase();
      const databases = [database];
      const pools: Pool[] = [];
      const workers: GodwitProcess[] = [];
      const startWorker = async (on: TestDatabase, step = ""): Promise<GodwitProcess> => {
        const worker = await startGodwit({ ...environmentOf(on), HOLD_AT: step }, "worker");
        workers.push(worker);
        return worker;
      };
      const open = (on: TestDatabase): Records => {
        const records = recordsOf(on);
        pools.push(records.pool);
        return records;
      };
      try {
        const environment = environmentOf(database);
        await askWithoutChat({ environment, folder: subject.folder, strategy: "dump" });
        if (moment !== "") {
          const held = await startWorker(database, moment);
          await held.holding(moment);
          await held.kill("SIGKILL");
        }
        const copy = await copyOf(database);
        databases.push(copy);
        const worker = await startWorker(database);
        expect(await untilEnded(open(database))).toBe("succeeded");
        await expectWritesOn(subject, 18);
        await worker.kill("SIGKILL");

        const restored = open(copy);
        await startWorker(copy);
        expect(await untilEnded(restored)).not.toBe("succeeded");
        expect(await restored.failure()).toMatch(/is already in service|names another database/);
        await expectWritesOn(subject, 18);
        await expectNothingLost(subject);
      } finally {
        await Promise.all(workers.map((worker) => worker.kill("SIGTERM")));
        await Promise.all(pools.map((pool) => pool.end()));
        await Promise.all(databases.map((each) => each.drop()));
      }
    });
  },
  240_000,
);
