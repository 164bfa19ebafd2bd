import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, it } from "vitest";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { replicationLeftovers } from "../journeys/live-migration.ts";
import { type GodwitProcess, startGodwit } from "../journeys/start-godwit.ts";
import { aKeyText } from "../store/a-keyring.ts";
import { createTestDatabase, openPool } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { withFleet } from "../support/with-fleet.ts";
import { askWithoutChat } from "./ask-without-chat.ts";

/** Held after the work of each of these, and killed there; the gate is killed while it waits as well. */
const KILLED_AT = ["replicate", "gate", "fence", "drain", "verify"] as const;

it("a live migration whose workers are killed by SIGKILL ends verified with nothing lost and nothing left", async () => {
  await withFleet({ rows: 3_000 }, async (subject) => {
    const database = await createTestDatabase();
    const pool = openPool(database.url, 3);
    const store = createPostgresStore(pool);
    const common = {
      ...subject.config.environment,
      GODWIT_CONFIG: subject.config.file,
      DATABASE_URL: database.url,
      GODWIT_SECRET_KEY: aKeyText(),
    };
    const environment = { ...common, GODWIT_FOLDER: subject.folder, LOG_LEVEL: "fatal" };
    const workers: GodwitProcess[] = [];
    const startWorker = async (step = ""): Promise<GodwitProcess> => {
      const worker = await startGodwit({ ...environment, HOLD_AT: step }, "worker");
      workers.push(worker);
      return worker;
    };
    try {
      let worker = await startWorker(KILLED_AT[0]);
      await askWithoutChat({ environment, folder: subject.folder, strategy: "live" });
      for (const [index, step] of KILLED_AT.entries()) {
        await worker.holding(step);
        const next = await startWorker(KILLED_AT[index + 1]);
        await worker.kill("SIGKILL");
        worker = next;
      }
      const succeeded = async () => (await store.migrations({ limit: 1 }))[0]?.state === "succeeded";
      await until(succeeded, { what: "the migration to succeed", timeoutMs: 90_000 });
      await subject.shop.stop();
      const { POSTGRESQL_ADDON_URI: url = "" } = parseEnv(
        await readFile(join(subject.folder, "shop.env"), "utf8"),
      );
      expect(await subject.shop.checkJournal(url)).toMatchObject({ missing: [] });
      expect(await replicationLeftovers(subject)).toEqual([]);
    } finally {
      await Promise.all(workers.map((worker) => worker.kill("SIGTERM")));
      await pool.end();
      await database.drop();
    }
  });
}, 240_000);
