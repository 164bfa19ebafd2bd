import { expect, test } from "vitest";
import { retryMigration } from "../../../src/migrations/retry-migration.ts";
import { drive } from "../../../src/migrations/runner/drive.ts";
import { ALICE, aBench } from "./helpers/a-bench.ts";
import { NEVER, orders } from "./helpers/a-platform.ts";

const TICKETS = "https://console.clever-cloud.com/ticket-center-choice";
const BEFORE_READ_ONLY = [
  ["RETRIEVE_ADDON", "checks"],
  ["CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON", "checks"],
  ["RETRIEVE_ADDON_DEPLOYMENT", "checks"],
  ["RETRIEVE_SOURCE_INSTANCE", "checks"],
  ["RETRIEVE_LOGSCOLLECTOR", "checks"],
  ["ASK_MIGRATION_INSTANCE_BOOT", "new instance"],
  ["QUEUE_MIGRATION_INSTANCE_BOOT", "new instance"],
  ["DEPLOY_MIGRATION_INSTANCE", "new instance"],
  ["RETRIEVE_MIGRATION_INSTANCE", "new instance"],
] as const;
const AFTER_READ_ONLY = [
  ["REMOVE_EDIT_RIGHT", "read-only"],
  ["MANAGE_ACTIVE_EXTENSIONS", "read-only"],
  ["PREPARE_MIGRATION", "read-only"],
  ["DUMP_AND_RESTORE", "copy"],
  ["UPDATE_REVERSE_PROXIES", "switch"],
  ["UPDATE_DNS", "switch"],
  ["UPDATE_MONITORING", "switch"],
  ["UPDATE_ADDON", "switch"],
  ["ENABLE_EDIT_RIGHT", "switch"],
  ["STOP_SOURCE_INSTANCE", "clean-up"],
] as const;

test.each(BEFORE_READ_ONLY)(
  "%s fails and the platform goes back: nothing was touched, and it can be tried again",
  async (at, phase) => {
    const { clever, migrated, told, posted } = await aBench();
    const addon = orders(clever);
    clever.scenarios.failAndRecover({ at, message: "no such thing" });
    const failed = await migrated({ addonId: "orders", version: "17" });

    expect(failed).toMatchObject({ state: "rolled_back", pivotPassed: false, readOnlyFrom: null });
    const lines = await told(failed.id, "failed");
    expect(lines).toContain("== The migration of orders failed at step 3 of 6, Make the new instance ==");
    expect(lines).toContain(
      `What happened: Clever Cloud could not migrate orders: it failed at ${at} (${phase}), which says “no such thing”. It has returned to the old database by itself.`,
    );
    expect(lines).toContain(
      "The database now: The old database was not touched: it is in service and accepts writes.",
    );
    expect(lines).toContain(`What to do: Try again. If it fails at the same step, open a ticket: ${TICKETS}`);
    expect(lines.at(-1)).toBe("[ Try again ] [ Acknowledge ]");
    expect(await posted()).toEqual(["confirmation", "progress", "failed", "support-pack"]);
    expect(clever.callsTo("abortMigration")).toEqual([]);
    expect(addon).toMatchObject({ version: "15", isReadOnly: false });
  },
);

test.each(AFTER_READ_ONLY)(
  "%s fails and the platform goes back: the old database is back in service and writes are open",
  async (at, phase) => {
    const { clever, migrated, told, posted } = await aBench();
    const addon = orders(clever);
    clever.scenarios.failAndRecover({ at, message: "no such thing" });
    const failed = await migrated({ addonId: "orders", version: "17" });

    expect(failed).toMatchObject({ state: "rolled_back", pivotPassed: false });
    const lines = await told(failed.id, "failed");
    expect(lines).toContain(
      `What happened: Clever Cloud could not migrate orders: it failed at ${at} (${phase}), which says “no such thing”. It has returned to the old database by itself.`,
    );
    expect(lines).toContain(
      "The database now: The old database is back in service and accepts writes. No data was lost.",
    );
    expect(clever.callsTo("abortMigration")).toEqual([]);
    expect(addon).toMatchObject({ version: "15", isReadOnly: false });
    expect(await posted()).toEqual([
      "confirmation",
      "progress",
      "read-only-began",
      "failed",
      "support-pack",
      "read-only-ended",
    ]);
  },
);

/** So slow that the run is over when it is looked at the second time. */
const RARELY = { poll: { firstMs: 2_000, laterMs: 2_000, slowMs: 2_000 } };

test("a read-only time that was over before anyone looked is told all the same", async () => {
  const { clever, migrated, told, posted } = await aBench({}, RARELY);
  orders(clever);
  clever.scenarios.failAndRecover({ at: "REMOVE_EDIT_RIGHT" });
  const failed = await migrated({ addonId: "orders", version: "17" });

  expect(failed).toMatchObject({ state: "rolled_back", failure: { step: "follow" } });
  expect(await told(failed.id, "failed")).toContain(
    "The database now: The old database is back in service and accepts writes. No data was lost.",
  );
  expect(await posted()).toEqual([
    "confirmation",
    "progress",
    "read-only-began",
    "failed",
    "support-pack",
    "read-only-ended",
  ]);
});

test("what the platform undoes is not taken for a read-only time", async () => {
  const { clever, migrated, told, posted } = await aBench({}, RARELY);
  clever.seedAddon({ name: "orders", plan: "dev" });
  clever.scenarios.failAndRecover({ at: "CREATE_ADDON_ON_TARGET_CLUSTER" });
  const failed = await migrated({ addonId: "orders", version: "15" });

  expect(failed).toMatchObject({ state: "rolled_back", failure: { step: "prepare" } });
  expect(await told(failed.id, "failed")).toContain(
    "The database now: The old database was not touched: it is in service and accepts writes.",
  );
  expect(await posted()).toEqual(["confirmation", "progress", "failed", "support-pack"]);
});

test("support finds everything that the platform's support asks for", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = orders(clever);
  clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE", message: "disk full" });
  const { realId } = addon.access;
  const failed = await migrated({ addonId: "orders", version: "17" });
  const [run] = clever.migrationsOf(addon);
  const asked = new Date(run?.requestedAtMs ?? 0).toISOString();

  const line = (await told(failed.id, "failed")).find((text) => text.startsWith("For support: "));
  const begin = `For support: Clever Cloud: add-on ${addon.id}, real ID ${realId}, owner ${clever.owner}, from XS Small Space 15 in par, to XS Small Space 17 in par, ${run?.id}, status RECOVERED, step DUMP_AND_RESTORE FAILED: disk full, asked for ${asked}, ended `;
  expect(line?.slice(0, begin.length)).toBe(begin);
  expect(line?.slice(begin.length)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z, tickets: https:/);
});

test("a failure that the platform does not take back stops where it is and calls support", async () => {
  const { clever, migrated, told, posted } = await aBench();
  const addon = orders(clever);
  clever.scenarios.failForGood({ at: "DUMP_AND_RESTORE", message: "out of disk" });
  const failed = await migrated({ addonId: "orders", version: "17" });
  const [run] = clever.migrationsOf(addon);

  expect(failed).toMatchObject({ state: "needs_support", failure: { code: "clever-cloud-failed" } });
  const lines = await told(failed.id, "failed");
  expect(lines).toContain(
    "What happened: Clever Cloud stopped migrating orders: it failed at DUMP_AND_RESTORE (copy), which says “out of disk”. It has not returned to the old database.",
  );
  expect(lines).toContain(
    "The database now: Godwit cannot tell which database is in service, so it has stopped. Change nothing until support has looked.",
  );
  expect(lines).toContain(
    `What to do: Open a ticket now with the add-on ID and ${run?.id}: ${TICKETS} Press Mark as solved once they have put it right.`,
  );
  expect(lines.at(-1)).toBe("[ Retry from this step ] [ Mark as solved ] [ Acknowledge ]");
  expect(await posted()).toEqual(["confirmation", "progress", "read-only-began", "failed", "support-pack"]);
  expect(clever.callsTo("abortMigration")).toEqual([]);
});

test("a way back that fails too calls support as well", async () => {
  const { clever, migrated, told } = await aBench();
  orders(clever);
  clever.scenarios.failRecovery({ at: "DUMP_AND_RESTORE" });
  const failed = await migrated({ addonId: "orders", version: "17" });

  expect(failed.state).toBe("needs_support");
  const happened = (await told(failed.id, "failed")).find((line) => line.startsWith("What happened"));
  expect(happened).toMatch(
    /^What happened: Clever Cloud stopped migrating orders: it failed at DUMP_AND_RESTORE \(copy\).* It has not returned to the old database\.$/,
  );
});

test("a failure of the platform's own checks leaves everything as it is", async () => {
  const { clever, migrated, told } = await aBench();
  orders(clever);
  clever.scenarios.failForGood({
    at: "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON",
    message: "a migration is running",
  });
  const failed = await migrated({ addonId: "orders", version: "17" });

  expect(failed).toMatchObject({ state: "rolled_back", failure: { code: "clever-cloud-check-failed" } });
  expect(await told(failed.id, "failed")).toContain(
    "What happened: Clever Cloud's own checks stopped the migration of orders: it failed at CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON (checks), which says “a migration is running”. Nothing was changed.",
  );
});

test("a migration that somebody aborts at the platform says that it was not Godwit", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = orders(clever);
  clever.scenarios.abort({ at: "DEPLOY_MIGRATION_INSTANCE" });
  const failed = await migrated({ addonId: "orders", version: "17" });

  expect(failed).toMatchObject({ state: "rolled_back", failure: { code: "clever-cloud-aborted" } });
  expect(await told(failed.id, "failed")).toContain(
    "What happened: Somebody aborted the migration of orders at Clever Cloud, outside Godwit. The old database stays.",
  );
  expect(addon.version).toBe("15");
});

test("a return that leaves the add-on elsewhere is no return", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = orders(clever);
  clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE" });
  const stop = clever.subscribe((change) => {
    if (change.kind === "migration" && change.migration.status === "RECOVERED") addon.version = "16";
  });
  const failed = await migrated({ addonId: "orders", version: "17" });
  stop();

  expect(failed).toMatchObject({ state: "needs_support", failure: { code: "clever-cloud-return-unclear" } });
  expect(await told(failed.id, "failed")).toContain(
    "What happened: Clever Cloud says RECOVERED of the migration of orders, and the add-on is not as it was before.",
  );
});

test("a failed migration that is tried again is a new order, and only one", async () => {
  const { clever, migrated, deps, driver, store } = await aBench();
  const addon = orders(clever);
  clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE" });
  const failed = await migrated({ addonId: "orders", version: "17" });
  const answer = await retryMigration(deps, { migrationId: failed.id, by: ALICE, deliveryId: "d1" }, NEVER);
  if (answer.kind !== "retrying") throw new Error(JSON.stringify(answer));
  await drive(driver(), answer.migration.id);

  expect((await store.migration(answer.migration.id))?.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toHaveLength(2);
  expect(addon.version).toBe("17");
});

test("a retry after support has put it right goes on without a second order", async () => {
  const { clever, migrated, deps, driver, store } = await aBench();
  const addon = orders(clever);
  clever.scenarios.failForGood({ at: "DUMP_AND_RESTORE" });
  const failed = await migrated({ addonId: "orders", version: "17" });
  const run = clever.migrationsOf(addon).at(-1);
  if (run === undefined) throw new Error("nothing was ordered");
  run.status = "OK";
  Object.assign(addon, { version: "17" });
  const answer = await retryMigration(deps, { migrationId: failed.id, by: ALICE, deliveryId: "d1" }, NEVER);
  expect(answer.kind).toBe("retrying");
  await drive(driver(), failed.id);

  expect((await store.migration(failed.id))?.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
});
