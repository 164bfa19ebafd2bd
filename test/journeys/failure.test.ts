import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration, untilState } from "./ask-for-migration.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";
import type { GodwitProcess } from "./start-godwit.ts";
import { AFTER_THE_PIVOT, BEFORE_THE_PIVOT } from "./steps.ts";

const LONG = { timeoutMs: 60_000 };

describe.each(PAIRS)("a step that fails, told in %s, queue on %s", (platform, backend) => {
  it("leaves the data safe, says where it stopped, calls support once, and can be tried again", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const godwit = await stage.startGodwit();

      for (const step of BEFORE_THE_PIVOT) await failBeforePivot(stage, godwit, step);
      for (const step of AFTER_THE_PIVOT) await failAfterPivot(stage, godwit, step);
    });
  }, 300_000);
});

async function failBeforePivot(stage: Stage, godwit: GodwitProcess, step: string): Promise<void> {
  const { chat, shop } = stage;
  const pagesBefore = chat.supportPages().length;
  godwit.order({ failAt: step });

  const thread = await startMigration(chat);
  await thread.waitFor(/is back in service|was not touched/, LONG);
  godwit.order({ failAt: null });

  await untilState(stage, "rolled_back");
  const migration = await stage.migration();
  expect(migration.failure).toMatchObject({ step, code: "forced-failure" });
  expect(chat.supportPages().length - pagesBefore, `pages at ${step}`).toBe(1);
  expect(thread.text()).toContain("addon_orders");
  expect(thread.text()).toContain(migration.id);
  expect(thread.isArchived()).toBe(false);
  await expectWritesOn(shop, "15");
  expect(await leftovers(stage)).toEqual([]);
}

/** The data has moved: nothing is undone, and Retry goes on from the failed step. */
async function failAfterPivot(stage: Stage, godwit: GodwitProcess, step: string): Promise<void> {
  const { chat, shop } = stage;
  const pagesBefore = chat.supportPages().length;
  godwit.order({ failAt: step });

  const thread = await startMigration(chat);
  const failed = await thread.waitFor((message) => message.buttons().includes("Retry from this step"), LONG);
  godwit.order({ failAt: null });

  expect((await stage.migration()).state).toBe("needs_support");
  expect(chat.supportPages().length - pagesBefore, `pages at ${step}`).toBe(1);
  await chat.person("alice").presses(failed, "Retry from this step");
  await thread.waitFor(/orders is migrated/, LONG);
  await untilState(stage, "succeeded");
  await expectWritesOn(shop, "18");
}

async function expectWritesOn(shop: Stage["shop"], major: string): Promise<void> {
  const { accepted } = await shop.status();
  await until(async () => (await shop.status()).accepted > accepted + 5, { what: "the shop to write again" });
  expect((await shop.status()).connectedTo?.version.split(".")[0]).toBe(major);
}

/** Databases and roles on the target server that a returned migration should have removed. */
async function leftovers({ fleet }: Stage): Promise<string[]> {
  const client = new Client({ connectionString: fleet.server(18).url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname LIKE 'orders%'
     UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'orders%'`,
  );
  await client.end();
  return rows.map(({ name }) => name);
}
