import { expect, test } from "vitest";
import { presentNotification } from "../../src/chat/present/notification.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Notification } from "../../src/core/notification.ts";
import { alice, aProof, aReport, aRunningMigration, at } from "./makers.ts";
import { shown } from "./shown.ts";

function notified(news: Notification): string {
  return shown(presentNotification(news));
}

function failed(migration: Migration, source: "returning" | "returned" | "moved" | "unknown"): string {
  const failure = {
    code: "copy-interrupted",
    step: "copy-data",
    summary: "The connection to the old database was lost while its data was copied.",
    remedy: "Check that the old server is up, then try again.",
    detail: "copying table orders: connection reset by peer",
  };
  return notified({
    kind: "failed",
    migration,
    stepTitle: "Copy the data",
    stepNumber: 5,
    stepCount: 9,
    failure,
    source,
    steps: [],
    isOpen: true,
  });
}

test("announces success with the proof first, and names the application that lags behind", () => {
  const migration = aRunningMigration({
    state: "succeeded",
    proof: aProof({
      hashedTables: 11,
      notVerified: ["Table audit_log has no key, so only its rows were counted."],
    }),
    readOnlyFrom: at("14:02:00"),
    readOnlyUntil: at("14:02:48"),
    finishedAt: at("14:04:02"),
  });
  const applications = [
    { name: "Shop", connectedAt: at("14:03:30") },
    { name: "Billing", connectedAt: null, problem: "It still connects to the old host." },
  ];
  const variables = ["POSTGRESQL_ADDON_HOST", "POSTGRESQL_ADDON_PASSWORD"];
  const oldKeptUntil = at("23:59:00");
  expect(
    notified({ kind: "succeeded", migration, applications, variables, steps: [], oldKeptUntil }),
  ).toMatchInlineSnapshot(`
    "(orders is migrated: PostgreSQL 15 to 18, plan S to M. Verified: 12 tables with 1,234,567 rows (2.5 GiB) compared by count, 11 of them by content, with 4 sequences and 57 other objects. Old and new were equal. The database was read-only for 48 s; 40 to 90 s was predicted. Not connected yet: Billing.)
    == orders is migrated: PostgreSQL 15 to 18, plan S to M ==
    Verified: 12 tables with 1,234,567 rows (2.5 GiB) compared by count, 11 of them by content, with 4 sequences and 57 other objects. Old and new were equal.
    - Not verified: Table audit_log has no key, so only its rows were counted.
    Changed: the add-on's variables POSTGRESQL_ADDON_HOST and POSTGRESQL_ADDON_PASSWORD have new values.
    Applications
    - ✓ Shop restarted and connected to the new database, 2026-11-22 14:03 UTC.
    - ⚠ Billing has not connected to the new database yet. It still connects to the old host. Restart it and look at its log.
    The database was read-only for 48 s; 40 to 90 s was predicted.
    The old database is kept, closed to applications, until 2026-11-22 23:59 UTC.
    Migration mig_0123456789abcdef, 3 min in all"
  `);
});

test("says what a platform that restarts by itself was seen to do, and which variables are gone", () => {
  const migration = aRunningMigration({ state: "succeeded", finishedAt: at("14:04:02") });
  const applications = [
    { name: "Shop", connectedAt: at("14:03:30"), evidence: "deployment" as const },
    { name: "Attic", connectedAt: null, problem: "It is stopped.", evidence: "deployment" as const },
  ];
  const facts = {
    variables: [],
    lostVariables: ["POSTGRESQL_ADDON_DIRECT_HOST"],
    steps: [],
    oldKeptUntil: null,
  };
  const text = notified({ kind: "succeeded", migration, applications, ...facts });
  expect(text).toContain("Not deployed again: Attic.");
  expect(text).toContain(
    "⚠ Gone: the add-on no longer has POSTGRESQL_ADDON_DIRECT_HOST. Look for applications",
  );
  expect(text).toContain(
    "- ✓ Shop was deployed again with the new database's variables, 2026-11-22 14:03 UTC.",
  );
  expect(text).toContain("- ⚠ Attic was not deployed again. It is stopped. Deploy it and look at its log.");
});

test("says plainly when nothing was verified", () => {
  const migration = aRunningMigration({ state: "succeeded", finishedAt: at("14:04:02") });
  const text = notified({
    kind: "succeeded",
    migration,
    applications: [],
    variables: [],
    steps: [],
    oldKeptUntil: null,
  });
  expect(text).toContain("Not verified: this provider moves the data itself");
});

test("pages support with IDs, the step, the state of the database and what to do", () => {
  expect(failed(aRunningMigration({ state: "rolled_back" }), "returned")).toMatchInlineSnapshot(`
    "(Support: The migration of orders failed at step 5 of 9, Copy the data (copy-interrupted). The connection to the old database was lost while its data was copied. The old database is back in service and accepts writes. No data was lost. Check that the old server is up, then try again. Add-on addon_orders, migration mig_0123456789abcdef.)
    Support: please look at add-on addon_orders.
    == The migration of orders failed at step 5 of 9, Copy the data ==
    Add-on: orders (addon_orders)
    Migration: mig_0123456789abcdef
    Step: 5 of 9: Copy the data
    Error code: copy-interrupted
    What happened: The connection to the old database was lost while its data was copied.
    The database now: The old database is back in service and accepts writes. No data was lost.
    What to do: Check that the old server is up, then try again.
    For support: copying table orders: connection reset by peer
    [ Try again ] [ Acknowledge ]"
  `);
});

test("offers the buttons that fit the state after a failure", () => {
  const buttons = (text: string): string | undefined => text.split("\n").at(-1);
  expect(buttons(failed(aRunningMigration({ state: "rolling_back" }), "returning"))).toBe("[ Acknowledge ]");
  expect(buttons(failed(aRunningMigration({ state: "needs_support" }), "unknown"))).toBe(
    "[ Retry from this step ] [ Return to the old database ] [ Mark as solved ] [ Acknowledge ]",
  );
  const stopped = aRunningMigration({ state: "needs_support", pivotPassed: true });
  expect(buttons(failed(stopped, "moved"))).toBe(
    "[ Retry from this step ] [ Mark as solved ] [ Acknowledge ]",
  );
});

test("says that a person has put it in order, and not that it was taken back", () => {
  const resolution = { by: alice, reason: "Dropped the old one." };
  const migration = aRunningMigration({ state: "rolled_back", resolution });
  const plan = notified({ kind: "confirmation", migration, confirmable: false });
  expect(plan).toContain("Stopped, and marked as solved by");
  expect(plan).toContain("“Dropped the old one.”");
  expect(plan).not.toContain("taken back");
});

test("says after the switch only what was seen: no proof, no old database that is kept", () => {
  const stopped = { state: "needs_support", pivotPassed: true } as const;
  const impact = { restarts: [], hardCoded: [], readOnlyUsersLost: [], retentionHours: 0 };

  expect(failed(aRunningMigration({ ...stopped, proof: aProof() }), "moved")).toContain(
    "The new database is in service and holds all the data. An application that has not moved to it yet cannot write. The old database is kept.",
  );
  const unproved = failed(aRunningMigration({ ...stopped, preflight: aReport({ impact }) }), "moved");
  expect(unproved).toContain(
    "The new database is in service; Godwit has not compared what it holds. An application that has not moved to it yet cannot write.",
  );
  expect(unproved).not.toContain("is kept");
});

test("the report says of an application no more than was seen of it", () => {
  const { attachment } = presentNotification({
    kind: "succeeded",
    migration: aRunningMigration({ state: "succeeded" }),
    applications: [
      { name: "Shop", connectedAt: at("14:03:30"), evidence: "deployment" },
      { name: "Attic", connectedAt: null, evidence: "deployment", problem: "It is stopped." },
      { name: "Billing", connectedAt: at("14:03:30") },
    ],
    variables: [],
    steps: [],
    oldKeptUntil: null,
  });

  expect(attachment?.text).toContain(
    "- Shop was deployed again with the new database's variables, 2026-11-22",
  );
  expect(attachment?.text).toContain("- Attic was not deployed again. It is stopped.");
  expect(attachment?.text).toContain("- Billing restarted and connected to the new database, 2026-11-22");
});
