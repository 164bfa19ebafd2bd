import { expect, test } from "vitest";
import { presentNotification } from "../../src/chat/present/notification.ts";
import { renderPlain } from "../../src/chat/render-plain.ts";
import type { Notification } from "../../src/core/notification.ts";
import type { Finding } from "../../src/core/preflight.ts";
import type { StrategyChoice } from "../../src/core/target.ts";
import { alice, aMigration, aReport, aRunningMigration, aStep, at, bob } from "./makers.ts";
import { shown } from "./shown.ts";

const GIB = 1024 ** 3;

const blocker: Finding = {
  check: "prepared-transactions",
  level: "blocker",
  summary: "One prepared transaction is open.",
  remedy: "Commit it or roll it back.",
};
const warning: Finding = {
  check: "extension",
  level: "warning",
  summary: "Extension postgis is one version behind.",
  remedy: "Run ALTER EXTENSION postgis UPDATE afterwards.",
};

function notified(news: Notification): string {
  return shown(presentNotification(news));
}

test("leaves out sizes that the provider does not tell", () => {
  const unknown = { vcpus: 0, memoryBytes: 0, diskBytes: 0, connections: 0 };
  const { source, targetPlan } = aMigration({});
  const migration = aMigration({
    source: { ...source, usedBytes: 0, plan: { ...source.plan, ...unknown } },
    targetPlan: { ...targetPlan, ...unknown, memoryBytes: 2 * GIB },
  });
  const text = notified({ kind: "confirmation", migration, confirmable: true });
  expect(text).toContain("Database: orders (addon_orders)\n");
  expect(text).toContain("Plan now: S\nNew plan: M: 2 GiB memory\n");
});

test("asks for confirmation with what changes, what it costs and what was found", () => {
  const migration = aMigration({ preflight: aReport({ findings: [warning] }) });
  expect(notified({ kind: "confirmation", migration, confirmable: true })).toMatchInlineSnapshot(`
    "(Migration of orders (PostgreSQL 15 to 18, plan S to M). The database is read-only for about 40 to 90 s. It costs 78.50 EUR more per month. Nothing happens until someone confirms.)
    == Migrate orders ==
    Database: orders (addon_orders), 2.5 GiB on disk
    Version: PostgreSQL 15.18 to 18
    Plan now: S: 1 vCPU, 1 GiB memory, 10 GiB disk, 75 connections
    New plan: M: 2 vCPUs, 4 GiB memory, 40 GiB disk, 250 connections
    Zone: par
    Strategy: Copy while read-only
    Start: As soon as it is confirmed
    Asked for by: alice
    What this does
    - The database is read-only for about 40 to 90 s: it can be read, and writes are refused. Measured on 3 past migrations of this fleet.
    - Hostname, port, database name, user and password change.
    - Shop reads the add-on's environment variables: it follows by itself and is restarted.
    - Billing holds the old address in its own variable LEGACY_DB_URL: it does not follow. Change that variable when the migration is over.
    - These read-only users are not carried over: grafana_ro. Create them again on the new database.
    - The old database is kept for 72 hours after success, closed: applications cannot enter it.
    - Godwit does not downgrade: the way back to an older version or a smaller plan goes through support.
    Billing
    Now: 19.50 EUR per month
    After the migration: 98.00 EUR per month
    Difference: 78.50 EUR more per month
    While both databases exist: 117.50 EUR per month
    Preflight: 1 warning.
    - Warning: Extension postgis is one version behind. Run ALTER EXTENSION postgis UPDATE afterwards.

    Nothing happens until someone confirms. The right and the price are checked again then.
    [ Migrate the database ] [ Cancel ]
    Migration mig_0123456789abcdef, checked 2026-11-22 14:00 UTC"
  `);
});

test("offers no migrate button while a blocker stands, and puts the blocker first", () => {
  const migration = aMigration({ preflight: aReport({ findings: [warning, blocker] }) });
  const text = notified({ kind: "confirmation", migration, confirmable: false });
  expect(text.slice(text.indexOf("Preflight: 1"))).toMatchInlineSnapshot(`
    "Preflight: 1 blocker, 1 warning.)
    == Migrate orders ==
    Database: orders (addon_orders), 2.5 GiB on disk
    Version: PostgreSQL 15.18 to 18
    Plan now: S: 1 vCPU, 1 GiB memory, 10 GiB disk, 75 connections
    New plan: M: 2 vCPUs, 4 GiB memory, 40 GiB disk, 250 connections
    Zone: par
    Strategy: Copy while read-only
    Start: As soon as it is confirmed
    Asked for by: alice
    What this does
    - The database is read-only for about 40 to 90 s: it can be read, and writes are refused. Measured on 3 past migrations of this fleet.
    - Hostname, port, database name, user and password change.
    - Shop reads the add-on's environment variables: it follows by itself and is restarted.
    - Billing holds the old address in its own variable LEGACY_DB_URL: it does not follow. Change that variable when the migration is over.
    - These read-only users are not carried over: grafana_ro. Create them again on the new database.
    - The old database is kept for 72 hours after success, closed: applications cannot enter it.
    - Godwit does not downgrade: the way back to an older version or a smaller plan goes through support.
    Billing
    Now: 19.50 EUR per month
    After the migration: 98.00 EUR per month
    Difference: 78.50 EUR more per month
    While both databases exist: 117.50 EUR per month
    Preflight: 1 blocker, 1 warning.
    - Blocker: One prepared transaction is open. Commit it or roll it back.
    - Warning: Extension postgis is one version behind. Run ALTER EXTENSION postgis UPDATE afterwards.

    This migration cannot be confirmed while a blocker stands. Remove what blocks it, then press Check again.
    [ Check again ] [ Cancel ]
    Migration mig_0123456789abcdef, checked 2026-11-22 14:00 UTC"
  `);
  expect(text).not.toContain("[ Migrate the database ]");
});

test.each([
  [
    "Confirmed by bob, 2026-11-22 14:01 UTC. Progress is in this thread.",
    aRunningMigration({ state: "queued" }),
  ],
  [
    "Confirmed by bob, 2026-11-22 14:01 UTC. Succeeded 2026-11-22 14:05 UTC.",
    aRunningMigration({ state: "succeeded", finishedAt: at("14:05:00") }),
  ],
  [
    "Confirmed by bob, 2026-11-22 14:01 UTC. Stopped: support is needed. The thread says why.",
    aRunningMigration({ state: "needs_support" }),
  ],
  [
    "Cancelled by alice, 2026-11-22 14:03 UTC. Nothing was started.",
    aMigration({ state: "cancelled", desiredBy: alice, finishedAt: at("14:03:00") }),
  ],
  [
    "Nobody confirmed in time, so this plan has expired. Nothing was changed. Run /db migrate for a new one.",
    aMigration({ state: "expired" }),
  ],
])("takes the buttons away once decided, and says: %s", (outcome, migration) => {
  const message = presentNotification({ kind: "confirmation", migration, confirmable: false });
  expect(message.parts.some((part) => part.kind === "buttons")).toBe(false);
  expect(renderPlain(message)).toContain(outcome);
});

test("speaks of a refresh when neither version nor plan changes", () => {
  const migration = aMigration({ target: { planId: "pg-s", version: "15", zone: "par", strategy: "live" } });
  const text = notified({ kind: "confirmation", migration, confirmable: true });
  expect(text).toContain("Version: PostgreSQL 15.18, refreshed to the latest patch of 15");
});

test("shows progress with rate, time left and what a step waits for", () => {
  const steps = [
    aStep({
      name: "check",
      title: "Check the database",
      sequence: 1,
      status: "done",
      startedAt: at("14:01:02"),
      finishedAt: at("14:01:08"),
    }),
    aStep({
      sequence: 2,
      status: "running",
      startedAt: at("14:01:08"),
      attempt: 2,
      waitingFor: "the old server to answer",
      progress: { label: "copying orders", doneBytes: GIB, totalBytes: 4 * GIB, doneRows: 1_000_000 },
    }),
    aStep({ name: "verify", title: "Verify", sequence: 3 }),
  ];
  const migration = aRunningMigration({ readOnlyFrom: at("14:01:09") });
  expect(notified({ kind: "progress", migration, steps, at: at("14:02:08") })).toMatchInlineSnapshot(`
    "(Migrating orders: step 2 of 3, Copy the data. Check the database: Done in 6.0 s; Copy the data: In progress for 1 min; Verify: Pending.)
    Migrating orders: step 2 of 3, Copy the data
    - Check the database: Done in 6.0 s
    - Copy the data: In progress for 1 min. copying orders · 1 GiB of 4 GiB · 1,000,000 rows · 17.1 MiB/s · about 3 min left · Waiting for: the old server to answer · Attempt 2
    - Verify: Pending
    1 min 6 s in all · read-only since 2026-11-22 14:01 UTC · migration mig_0123456789abcdef
    [ Cancel the migration ]"
  `);
});

test("tells when the database becomes read-only and when it accepts writes again", () => {
  const migration = aRunningMigration({ readOnlyFrom: at("14:02:00"), readOnlyUntil: at("14:02:48") });
  expect(notified({ kind: "read-only-began", migration })).toMatchInlineSnapshot(`
    "(orders is read-only since 2026-11-22 14:02 UTC. It can be read, and writes are refused, for about 40 to 90 s. This thread says when writes are open again.)
    orders is read-only since 2026-11-22 14:02 UTC. It can be read, and writes are refused, for about 40 to 90 s. This thread says when writes are open again."
  `);
  expect(notified({ kind: "read-only-ended", migration, on: "new" })).toMatchInlineSnapshot(`
    "(orders accepts writes again, on the new database. It was read-only for 48 s.)
    orders accepts writes again, on the new database. It was read-only for 48 s."
  `);
  expect(notified({ kind: "read-only-ended", migration, on: "old" })).toMatchInlineSnapshot(`
    "(orders accepts writes again, on the old database, which stays in service. It was read-only for 48 s.)
    orders accepts writes again, on the old database, which stays in service. It was read-only for 48 s."
  `);
});

test("tells the smaller news in a line each", () => {
  const migration = aRunningMigration();
  const news: Notification[] = [
    { kind: "cancelled", migration, by: alice, started: false },
    { kind: "cancelled", migration, by: null, started: true },
    { kind: "retrying", migration, by: bob, redo: ["Copy the data", "Verify"] },
    { kind: "acknowledged", migration, by: bob },
    { kind: "solved", migration, by: bob },
    { kind: "retirement-announced", migration, dropAt: at("23:59:00") },
    { kind: "retired", migration },
    { kind: "recheck", migration, findings: [blocker] },
  ];
  expect(news.map(notified).join("\n\n")).toMatchInlineSnapshot(`
    "(The migration of orders is cancelled by alice. Nothing was started, and the database was not touched.)
    The migration of orders is cancelled by alice. Nothing was started, and the database was not touched.

    (The migration of orders is cancelled. What was done is taken back; the old database is in service and accepts writes.)
    The migration of orders is cancelled. What was done is taken back; the old database is in service and accepts writes.

    (bob tries the migration of orders again, from the step Copy the data on.)
    bob tries the migration of orders again, from the step Copy the data on.

    (bob looks at mig_0123456789abcdef (orders).)
    bob looks at mig_0123456789abcdef (orders).

    (bob marked mig_0123456789abcdef as solved. orders is unlocked: it can be migrated again.)
    bob marked mig_0123456789abcdef as solved. orders is unlocked: it can be migrated again.

    (The old database of orders is dropped after 2026-11-22 23:59 UTC. Tell support before then if you still need it.)
    The old database of orders is dropped after 2026-11-22 23:59 UTC. Tell support before then if you still need it.

    (The old database of orders is dropped, as announced. The new one is the only one now.)
    The old database of orders is dropped, as announced. The new one is the only one now.

    (orders was checked again: 1 blocker. The migration still cannot be confirmed.)
    orders was checked again. The migration still cannot be confirmed.
    Preflight: 1 blocker.
    - Blocker: One prepared transaction is open. Commit it or roll it back."
  `);
});

test("says before it is confirmed how a live migration keeps the database in use", () => {
  const told = (strategy: StrategyChoice) => {
    const migration = aMigration();
    const live = { ...migration, target: { ...migration.target, strategy } };
    return notified({ kind: "confirmation", migration: live, confirmable: true });
  };
  expect(told("live")).toContain("Data is replicated while applications keep writing");
  expect(told("live-held")).toContain("nothing switches until someone presses Switch now");
  expect(told("dump")).not.toContain("replicated");
});
