import { expect, test } from "vitest";
import { commands } from "../../commands/index.ts";
import { presentAnswer } from "../../src/chat/present/answer.ts";
import { aMigration, aRunningMigration, aSource, aStep, at } from "./makers.ts";
import { shown } from "./shown.ts";

test("answers the lists of /db", () => {
  const migration = aRunningMigration();
  const steps = [aStep({ status: "running", startedAt: at("14:01:05") })];
  const addon = {
    id: "addon_orders",
    name: "orders",
    engine: "postgresql",
    engineName: "PostgreSQL",
    version: "15",
    planName: "S",
    zone: "par",
  };
  const answers = [
    presentAnswer(
      {
        kind: "addons",
        addons: [
          { ...addon, migration },
          { ...addon, id: "addon_b", migration: null },
        ],
      },
      at("14:02:05"),
    ),
    presentAnswer({ kind: "addons", addons: [] }, at("14:02:05")),
    presentAnswer(
      { kind: "status", running: [{ migration, steps, link: "https://local.slack.com/archives/C1/p1" }] },
      at("14:02:05"),
    ),
    presentAnswer({ kind: "status", running: [] }, at("14:02:05")),
    presentAnswer({ kind: "history", migrations: [migration], addonName: null }, at("14:02:05")),
    presentAnswer({ kind: "help", commands, unknown: "migrat" }, at("14:02:05")),
  ];
  expect(answers.map(shown).join("\n\n")).toMatchInlineSnapshot(`
    "(Databases: 2 databases.)
    == Databases ==
    - orders (addon_orders): PostgreSQL 15, plan S, zone par, migration running
    - orders (addon_b): PostgreSQL 15, plan S, zone par

    (There is no database to migrate.)
    == Databases ==
    There is no database to migrate.

    (Status: 1 migration running.)
    == Status ==
    - Migrating orders: step 1 of 1, Copy the data, started 1 min 3 s ago, mig_0123456789abcdef, open the thread (https://local.slack.com/archives/C1/p1)

    (No migration is running.)
    == Status ==
    No migration is running.

    (History: 1 migration.)
    == History ==
    - 2026-11-22 14:00 UTC orders: PostgreSQL 15 to 18, plan S to M, running, asked for by alice, mig_0123456789abcdef

    (There is no subcommand migrat. These are the ones there are. /db migrate [addon] [plan] [version] [start]: Move a database to another plan, version or zone. /db list: List the databases and what holds them. /db status: Show the migrations that are under way. /db history [addon]: Show the last migrations and how they ended. /db start <addon or migration ID>: Start a scheduled migration now. /db switch <addon or migration ID> [now, hold, 90m or a time]: Switch a replicated database to its new place, or hold the switch. /db pause <addon or migration ID>: Let a migration stand still at its next safe point, while its database accepts writes. /db resume <addon or migration ID>: Let a paused migration go on. /db cancel <addon or migration ID>: Cancel a migration before its switch-over. /db retry <addon or migration ID>: Try a failed migration again. /db revert <addon or migration ID>: Return a migrated database to its old place, and see first what that loses. /db freeze <reason>: Let no migration start or switch until /db unfreeze. /db unfreeze: Let migrations start and switch again. /db help: Show what Godwit can do.)
    == Godwit migrates databases ==
    There is no subcommand migrat. These are the ones there are.
    - /db migrate [addon] [plan] [version] [start]: Move a database to another plan, version or zone.
    - /db list: List the databases and what holds them.
    - /db status: Show the migrations that are under way.
    - /db history [addon]: Show the last migrations and how they ended.
    - /db start <addon or migration ID>: Start a scheduled migration now.
    - /db switch <addon or migration ID> [now, hold, 90m or a time]: Switch a replicated database to its new place, or hold the switch.
    - /db pause <addon or migration ID>: Let a migration stand still at its next safe point, while its database accepts writes.
    - /db resume <addon or migration ID>: Let a paused migration go on.
    - /db cancel <addon or migration ID>: Cancel a migration before its switch-over.
    - /db retry <addon or migration ID>: Try a failed migration again.
    - /db revert <addon or migration ID>: Return a migrated database to its old place, and see first what that loses.
    - /db freeze <reason>: Let no migration start or switch until /db unfreeze.
    - /db unfreeze: Let migrations start and switch again.
    - /db help: Show what Godwit can do."
  `);
});

test("answers buttons and refusals in whole sentences", () => {
  const migration = aMigration({ source: aSource({ addonName: "orders" }) });
  const kinds = [
    "confirmed",
    "cancelling",
    "cancelled",
    "retrying",
    "rechecked",
    "acknowledged",
    "solved",
  ] as const;
  const refusal = {
    code: "busy",
    summary: "orders is being migrated already.",
    remedy: "Wait until it is done.",
  };
  const answers = [
    ...kinds.map((kind) => presentAnswer({ kind, migration }, at("14:00:00"))),
    presentAnswer({ kind: "refused", refusal }, at("14:00:00")),
  ];
  expect(answers.map(({ summary }) => summary).join("\n")).toMatchInlineSnapshot(`
    "The migration of orders is confirmed. Progress is in its thread.
    The migration of orders is being cancelled. Its thread says when it is done.
    The migration of orders is cancelled.
    The migration of orders is tried again. Progress is in its thread.
    orders was checked again. The plan shows what was found.
    You look at the migration of orders. Its thread says so.
    The migration of orders is marked as solved.
    orders is being migrated already. Wait until it is done."
  `);
});
