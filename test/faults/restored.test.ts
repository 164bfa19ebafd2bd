import { expect, it } from "vitest";
import { expectWritesOn } from "../journeys/live-migration.ts";
import { createTestDatabase, querySql, type TestDatabase } from "../support/test-database.ts";
import { withFleet } from "../support/with-fleet.ts";
import { expectNothingLost, withCrew } from "./crew.ts";
import { IS_LONG } from "./length.ts";

/** The copy is of the moment behind this step's work; "" is that of the confirmation. */
const MOMENTS = IS_LONG ? ["", "provision", "copy-schema", "copy-data", "verify"] : ["", "verify"];

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

it.each(MOMENTS)(
  "a Godwit that goes on from a copy of its database of before the switch (after %j) takes nothing from who has switched",
  async (moment) => {
    const database = await createTestDatabase();
    const databases = [database];
    try {
      await withFleet({ rows: 1_000 }, (subject) =>
        withCrew(subject, async (crew) => {
          await crew.ask(database.url, "dump");
          if (moment !== "") {
            const held = await crew.startWorker(database.url, moment);
            await held.holding(moment);
            await held.kill("SIGKILL");
          }
          const copy = await copyOf(database);
          databases.push(copy);
          const worker = await crew.startWorker(database.url);
          expect((await crew.ended(database.url)).state).toBe("succeeded");
          await expectWritesOn(subject, 18);
          await worker.kill("SIGKILL");

          await crew.startWorker(copy.url);
          const { state, failure } = await crew.ended(copy.url);
          expect(state).not.toBe("succeeded");
          expect(failure?.summary).toMatch(/is already in service|names another database/);
          await expectWritesOn(subject, 18);
          await expectNothingLost(subject);
        }),
      );
    } finally {
      await Promise.all(databases.map((each) => each.drop()));
    }
  },
  240_000,
);
