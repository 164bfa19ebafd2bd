import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stepNames } from "../../../playground/clever-cloud/catalog/catalog.ts";
import {
  type Addon,
  type LocalCleverCloud,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { Connection, variables } from "./connection.ts";

const longMs = 60_000;

describe("a migration that succeeds", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;

  beforeEach(async () => {
    clever = await startLocalCleverCloud({ clock: "hand" });
    connection = new Connection(clever);
  });

  afterEach(() => clever.close());

  const stepsOf = (addon: Addon): string[] =>
    clever
      .migrationsOf(addon)
      .at(-1)
      ?.steps.map(({ value }) => value) ?? [];

  const run = async (addon: Addon, target: Parameters<Connection["migrate"]>[1] = {}): Promise<void> => {
    expect(await connection.migrate(addon, target)).toMatchObject({ status: 200 });
    clever.advance(longMs);
    expect(clever.migrationsOf(addon).at(-1)?.status).toBe("OK");
  };

  test("its steps appear as they begin, one after the other", async () => {
    const addon = clever.seedAddon();
    await connection.migrate(addon);
    const seen = async (): Promise<unknown> =>
      (await connection.get(connection.addon(addon, "/migrations"))).body;

    expect(await seen()).toMatchObject([{ status: "RUNNING", steps: [] }]);
    clever.advance(30);
    expect(await seen()).toMatchObject([{ steps: [{ value: "RETRIEVE_ADDON", status: "RUNNING" }] }]);
    expect(await seen()).not.toMatchObject([{ steps: [{ endDate: expect.anything() }] }]);
    clever.advance(20);
    expect(await seen()).toMatchObject([
      {
        requestDate: "2026-11-23T09:00:00.000Z",
        status: "RUNNING",
        steps: [
          {
            value: "RETRIEVE_ADDON",
            status: "OK",
            startDate: "2026-11-23T09:00:00.030017Z",
            endDate: "2026-11-23T09:00:00.050017Z",
          },
          { value: "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON", status: "RUNNING" },
        ],
      },
    ]);
  });

  test("from dedicated to dedicated it boots an instance and stops the old one", async () => {
    const addon = clever.seedAddon();
    await run(addon, { plan: "s_med" });

    expect(stepsOf(addon)).toEqual([
      "RETRIEVE_ADDON",
      "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON",
      "RETRIEVE_ADDON_DEPLOYMENT",
      "RETRIEVE_SOURCE_INSTANCE",
      "RETRIEVE_LOGSCOLLECTOR",
      "ASK_MIGRATION_INSTANCE_BOOT",
      "QUEUE_MIGRATION_INSTANCE_BOOT",
      "DEPLOY_MIGRATION_INSTANCE",
      "RETRIEVE_MIGRATION_INSTANCE",
      "REMOVE_EDIT_RIGHT",
      "MANAGE_ACTIVE_EXTENSIONS",
      "PREPARE_MIGRATION",
      "DUMP_AND_RESTORE",
      "UPDATE_REVERSE_PROXIES",
      "UPDATE_DNS",
      "UPDATE_MONITORING",
      "UPDATE_ADDON",
      "ENABLE_EDIT_RIGHT",
      "STOP_SOURCE_INSTANCE",
    ]);
  });

  test("from DEV to dedicated it leaves the shared cluster", async () => {
    const addon = clever.seedAddon({ plan: "dev" });
    await run(addon, { plan: "xs_sml" });

    expect(stepsOf(addon)).toContain("RETRIEVE_SOURCE_CLUSTER");
    expect(stepsOf(addon).slice(-2)).toEqual(["REMOVE_ADDON_FROM_SOURCE_CLUSTER", "UNLOCK_PORT"]);
  });

  test("a refresh of DEV stays on a shared cluster", async () => {
    const addon = clever.seedAddon({ plan: "dev" });
    await run(addon);

    expect(stepsOf(addon)).toEqual(
      expect.arrayContaining(["RETRIEVE_TARGET_CLUSTER", "LOCK_PORT", "CREATE_ADDON_ON_TARGET_CLUSTER"]),
    );
    expect(stepsOf(addon)).not.toContain("ASK_MIGRATION_INSTANCE_BOOT");
  });

  test("Elasticsearch begins as it was seen to", async () => {
    const addon = clever.seedAddon({ provider: "es-addon" });
    await run(addon);

    expect(stepsOf(addon).slice(0, 5)).toEqual([
      "RETRIEVE_ADDON",
      "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON",
      "ASK_MIGRATION_INSTANCE_BOOT",
      "QUEUE_MIGRATION_INSTANCE_BOOT",
      "DEPLOY_MIGRATION_INSTANCE",
    ]);
  });

  test("only PostgreSQL has extensions to manage, and every step is one that a source names", async () => {
    for (const provider of [
      "postgresql-addon",
      "mysql-addon",
      "mongodb-addon",
      "redis-addon",
      "es-addon",
    ] as const) {
      const addon = clever.seedAddon({ provider });
      await run(addon);

      expect(stepsOf(addon).includes("MANAGE_ACTIVE_EXTENSIONS")).toBe(provider === "postgresql-addon");
      expect(stepNames).toEqual(expect.arrayContaining(stepsOf(addon)));
      expect(new Set(stepsOf(addon)).size).toBe(stepsOf(addon).length);
    }
  });

  test("writes fail from REMOVE_EDIT_RIGHT to ENABLE_EDIT_RIGHT", async () => {
    const addon = clever.seedAddon();
    await connection.migrate(addon);
    const readOnly: string[] = [];
    for (let step = 0; step < 40; step += 1) {
      clever.advance(20);
      if (addon.isReadOnly) readOnly.push(stepsOf(addon).at(-1) ?? "");
    }

    expect([readOnly[0], readOnly.at(-1)]).toEqual(["REMOVE_EDIT_RIGHT", "ENABLE_EDIT_RIGHT"]);
    expect(addon.isReadOnly).toBe(false);
  });

  test("the add-on keeps its ID and becomes what was asked for, reached in another way", async () => {
    const addon = clever.seedAddon({ version: "15", hasDirectAccess: true });
    const path = connection.addon(addon, "/env");
    const [before, formerly] = [variables(await connection.get(path)), addon.access];
    await run(addon, { plan: "s_med", version: "17", zone: "mtl" });
    const after = variables(await connection.get(path));

    expect((await connection.get(connection.addon(addon))).body).toMatchObject({
      id: addon.id,
      realId: expect.stringMatching(/^postgresql_/),
      region: "mtl",
      plan: { slug: "s_med" },
    });
    expect(
      (await connection.get(`/v4/addon-providers/postgresql-addon/addons/${addon.id}`)).body,
    ).toMatchObject({
      version: "17",
      zone: "mtl",
      plan: "s_med",
    });
    expect(addon.access.realId).not.toBe(formerly.realId);
    expect(Object.keys(after).filter((name) => after[name] === before[name])).toEqual([]);
    expect(Object.keys(before).filter((name) => !(name in after))).toEqual([
      "POSTGRESQL_ADDON_DIRECT_HOST",
      "POSTGRESQL_ADDON_DIRECT_PORT",
    ]);
  });

  test("nothing changes before UPDATE_ADDON is done", async () => {
    const addon = clever.seedAddon({ version: "15" });
    const formerly = addon.access;
    clever.scenarios.holdAt("UPDATE_ADDON");
    await connection.migrate(addon, { version: "17" });
    clever.advance(longMs);

    expect(stepsOf(addon).at(-1)).toBe("UPDATE_ADDON");
    expect(addon).toMatchObject({ version: "15", access: formerly });
    clever.scenarios.release();
    clever.advance(20);
    expect(addon).toMatchObject({ version: "17" });
    expect(addon.access).not.toEqual(formerly);
  });

  test("read-only users are carried over on PostgreSQL only", async () => {
    const postgresql = clever.seedAddon({ readOnlyUsers: 2 });
    const mysql = clever.seedAddon({ provider: "mysql-addon", readOnlyUsers: 2 });
    const formerly = postgresql.readOnlyUsers;
    await run(postgresql);
    await run(mysql);

    expect(postgresql.readOnlyUsers).toEqual(formerly);
    expect(mysql.readOnlyUsers).toEqual([]);
  });

  test("past migrations are listed, oldest first, with the times of their steps", async () => {
    const addon = clever.seedAddon();
    await run(addon);
    clever.seedPastMigration({ addon, agoMs: 7 * 24 * 3_600_000, stepMs: 1000, copyMs: 240_000 });
    const { body } = await connection.get(connection.addon(addon, "/migrations"));

    expect(body).toMatchObject([
      {
        status: "OK",
        requestDate: "2026-11-16T09:01:00.000Z",
        steps: expect.arrayContaining([
          {
            value: "DUMP_AND_RESTORE",
            status: "OK",
            startDate: "2026-11-16T09:01:14.000017Z",
            endDate: "2026-11-16T09:05:14.000017Z",
          },
        ]),
      },
      { status: "OK", requestDate: "2026-11-23T09:00:00.000Z" },
    ]);
  });
});
