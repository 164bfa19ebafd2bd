import { describe, expect, it } from "vitest";
import { until } from "../../support/until.ts";
import { askForMigration, untilState } from "../ask-for-migration.ts";
import { PAIRS } from "../stage.ts";
import { type CleverStage, countOf, ordersSent, withCleverStage } from "./clever-stage.ts";

const LONG = { timeoutMs: 60_000 };

describe.each(PAIRS)("a database at Clever Cloud, asked for in %s, queue on %s", (platform, backend) => {
  it("goes from the form to success, and an application that failed is redeployed by a press alone", async () => {
    await withCleverStage({ platform, backend }, async (stage) => {
      const { chat, clever, addon, shop } = stage;
      clever.scenarios.deployments(shop, "FAIL");
      await stage.startGodwit();
      expect(await chat.person("bob").asks("/db list", /Databases/)).toContain(
        `orders (${addon.id}): PostgreSQL 15, plan XS Small Space, zone par`,
      );

      const root = await askForMigration(chat, { version: "17" });
      for (const sentence of PLAN) expect(root.text()).toContain(sentence);
      await chat.person("alice").presses(root, "Migrate the database");
      const thread = root.thread();
      for (const sentence of MILESTONES)
        await thread.waitFor((message) => message.text().includes(sentence), LONG);
      await untilState(stage, "succeeded");
      expect(addon).toMatchObject({ version: "17", isReadOnly: false });
      expect(ordersSent(stage)).toBe(1);
      expect(chat.supportPages()).toEqual([]);

      await redeploy(stage, root.id);
      expect(chat.errors).toEqual([]);
    });
  }, 240_000);
});

const PLAN = [
  "PostgreSQL 15 to 17",
  "This is a guess: Clever Cloud publishes no durations and has not migrated this database before. It grows with the data.",
  "shop reads the add-on's environment variables: it follows by itself and is restarted.",
  "PostgreSQL 17 does not have every extension of 15: a database that uses one of plcoffee, plls, plv8, adminpack is not migrated and stays on its version.",
  "Only linked applications follow. Whatever else connects to this database keeps the old address.",
];
const MILESTONES = [
  "orders is migrated: PostgreSQL 15 to 17, plan XS Small Space",
  "this provider moves the data itself and gives no proof that old and new are equal.",
  "shop was not deployed again. Its deployment failed. Look at its log, then press Redeploy.",
];

/** Nobody without the right, once however often it is pressed, and its end is told. */
async function redeploy(stage: CleverStage, rootId: string): Promise<void> {
  const { chat, clever, shop } = stage;
  const thread = chat.threadOf(rootId);
  const result = await thread.waitFor((message) => message.buttons().includes("Redeploy shop"), LONG);
  expect(thread.isArchived()).toBe(false);
  await chat.person("gina").presses(result, "Redeploy shop");
  await chat.person("gina").isTold(/Guest accounts cannot migrate databases\./);
  await chat.person("alice").presses(result, "Redeploy shop", { isSure: false });
  expect(clever.callsTo("redeploy")).toEqual([]);

  await chat.person("bob").presses(result, "Redeploy shop");
  await chat.trouble.repeatsLastPress();
  await thread.waitFor(
    (message) => message.text().includes("shop was deployed again with the new variables of orders."),
    LONG,
  );
  await result.waitFor((message) => !message.buttons().includes("Redeploy shop"), LONG);
  expect(clever.callsTo("redeploy")).toHaveLength(1);
  expect(clever.deploymentsOf(shop).map(({ state }) => state)).toEqual(["FAIL", "OK"]);
  expect(countOf(thread, "has shop deployed anew after the migration of orders.")).toBe(1);
  await until(() => thread.isArchived() === chat.archivesThreads, { what: "the thread to be closed" });
}
