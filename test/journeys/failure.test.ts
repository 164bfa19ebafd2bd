import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration } from "./ask-for-migration.ts";
import { BACKENDS, type GodwitProcess, type Stage, withStage } from "./stage.ts";

const BEFORE_THE_PIVOT = ["check", "provision", "copy-schema", "fence", "copy-data", "verify"];
const AFTER_THE_PIVOT = ["switch-over", "restart-applications", "finish"];

describe.each(BACKENDS)("a step that fails, queue on %s", (backend) => {
  it("leaves the data safe, says where it stopped, calls support once, and can be tried again", async () => {
    await withStage(backend, async (stage) => {
      const godwit = await stage.startGodwit();

      for (const step of BEFORE_THE_PIVOT) await failBeforePivot(stage, godwit, step);
      for (const step of AFTER_THE_PIVOT) await failAfterPivot(stage, godwit, step);

      expect(stage.slack.violations).toEqual([]);
    });
  }, 240_000);
});

async function failBeforePivot(stage: Stage, godwit: GodwitProcess, step: string): Promise<void> {
  const { slack, shop } = stage;
  const pagesBefore = slack.user("sam").notifications.length;
  godwit.order({ failAt: step });

  const thread = await startMigration(stage);
  await thread.waitFor(/is back in service|was not touched/, { timeoutMs: 60_000 });
  godwit.order({ failAt: null });

  const migration = await ended(stage, "rolled_back");
  expect(migration.failure).toMatchObject({ step, code: "forced-failure" });
  expect(slack.user("sam").notifications.length - pagesBefore, `pages at ${step}`).toBe(1);
  expect(thread.text()).toContain("addon_orders");
  expect(thread.text()).toContain(migration.id);
  await expectWritesOn(shop, "15");
  expect(await leftovers(stage)).toEqual([]);
}

/** The data has moved: nothing is undone, and Retry goes on from the failed step. */
async function failAfterPivot(stage: Stage, godwit: GodwitProcess, step: string): Promise<void> {
  const { slack, shop } = stage;
  const pagesBefore = slack.user("sam").notifications.length;
  godwit.order({ failAt: step });

  const thread = await startMigration(stage);
  const failed = await thread.waitFor((message) => message.buttons().includes("Retry from this step"), {
    timeoutMs: 60_000,
  });
  godwit.order({ failAt: null });

  expect((await stage.migration()).state).toBe("needs_support");
  expect(slack.user("sam").notifications.length - pagesBefore, `pages at ${step}`).toBe(1);
  await slack.user("alice").click(failed, "Retry from this step", { confirm: true });
  await thread.waitFor(/orders is migrated/, { timeoutMs: 60_000 });
  await ended(stage, "succeeded");
  await expectWritesOn(shop, "18");
}

async function ended(stage: Stage, state: string) {
  await until(async () => (await stage.migration()).state === state, {
    what: `the migration to be ${state}`,
  });
  return stage.migration();
}

async function expectWritesOn(shop: Stage["shop"], major: string): Promise<void> {
  const { accepted } = await shop.status();
  await until(async () => (await shop.status()).accepted > accepted + 5, { what: "the shop to write again" });
  expect((await shop.status()).connectedTo?.version.split(".")[0]).toBe(major);
}

/** Databases and roles on the target server that a returned migration should have removed. */
async function leftovers({ fleet }: Stage): Promise<string[]> {
  const { Client } = await import("pg");
  const client = new Client({ connectionString: fleet.server(18).url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname LIKE 'orders%'
     UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'orders%'`,
  );
  await client.end();
  return rows.map(({ name }) => name);
}
