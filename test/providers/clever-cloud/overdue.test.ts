import { expect, test } from "vitest";
import { drive } from "../../../src/migrations/runner/drive.ts";
import { until } from "../../support/until.ts";
import { aBench, type Bench } from "./helpers/a-bench.ts";
import { orders } from "./helpers/a-platform.ts";

const TICKETS = "https://console.clever-cloud.com/ticket-center-choice";

/** Drives until the platform copies, where it stays, and somebody has told that it takes long. */
async function overdue(bench: Bench, past: "known" | "none") {
  const { clever, told } = bench;
  const addon = orders(clever);
  if (past === "known") clever.seedPastMigration({ addon, agoMs: 86_400_000, stepMs: 5, copyMs: 20 });
  clever.scenarios.holdAt("DUMP_AND_RESTORE");
  const { id } = await bench.confirmed({ addonId: "orders", version: "17" });
  const one = bench.driver("one");
  const driving = drive(one, id);
  const lines = await until(() => told(id, "overdue").catch(() => undefined), {
    what: "support to be asked",
  });
  await until(() => clever.migrationsOf(addon).at(-1)?.steps.at(-1)?.value === "DUMP_AND_RESTORE", {
    what: "the copy, which can then be let go on",
  });
  return { addon, id, one, driving, lines };
}

test("a migration that takes far longer than its last ones is shown to support, and goes on as it was", async () => {
  const bench = await aBench({}, { leastDeadlineMs: 50 });
  const { clever, store, posted } = bench;
  const { addon, id, driving, lines } = await overdue(bench, "known");
  const run = clever.migrationsOf(addon).at(-1);

  expect(lines.slice(0, 5)).toEqual([
    `Support: please look at add-on ${addon.id}.`,
    "== The migration of orders takes longer than it should ==",
    `Add-on: orders (${addon.id})`,
    `Migration: ${id}`,
    expect.stringMatching(/^Step: (Make the new instance|Copy and switch)$/),
  ]);
  expect(lines[5]).toMatch(
    /^What is known: Clever Cloud has been migrating orders for [\d.]+ s\. It is at [A-Z_]+ \([a-z -]+\)\. The longest of its last migrations took [\d.]+ s\.$/,
  );
  expect(lines[6]).toMatch(
    /^The database now: Nothing has failed and nothing was stopped: the migration goes on\. (The database is in service and accepts writes|Until it ends, the database can be read and refuses writes)\. This thread tells how it ends\.$/,
  );
  expect(lines[7]).toBe(
    `What to do: Open a ticket with the add-on ID and ${run?.id}, and ask whether it is stuck: ${TICKETS}`,
  );
  expect(lines[8]).toContain(`real ID ${addon.access.realId}, owner ${clever.owner}`);
  expect(lines[8]).toContain("not over, tickets: ");
  expect(await store.migration(id)).toMatchObject({ state: "running", failure: null });
  clever.scenarios.release();
  await driving;

  expect((await store.migration(id))?.state).toBe("succeeded");
  expect((await posted()).filter((kind) => kind === "overdue")).toHaveLength(1);
  expect(await posted()).not.toContain("failed");
});

test("the next worker does not ask support again", async () => {
  const bench = await aBench({}, { leastDeadlineMs: 50 });
  const { clever, store, posted } = bench;
  const { id, one, driving } = await overdue(bench, "known");
  one.stop();
  await driving;
  clever.scenarios.release();
  await drive(bench.driver("two"), id);

  expect((await store.migration(id))?.state).toBe("succeeded");
  expect((await posted()).filter((kind) => kind === "overdue")).toHaveLength(1);
});

test("without a past migration the operator's deadline counts, and the message says that nobody knows", async () => {
  const bench = await aBench({}, { deadlineMs: 60 });
  const { clever } = bench;
  const { lines, driving } = await overdue(bench, "none");
  expect(lines[5]).toMatch(
    /Clever Cloud has not migrated this database before, so nobody knows how long it takes\.$/,
  );
  clever.scenarios.release();
  await driving;
});

test("a migration within its time asks nobody", async () => {
  const { clever, migrated, posted } = await aBench();
  const addon = orders(clever);
  clever.seedPastMigration({ addon, agoMs: 86_400_000, stepMs: 5, copyMs: 20 });
  await migrated({ addonId: "orders", version: "17" });

  expect(await posted()).not.toContain("overdue");
});
