import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Addon,
  type LocalCleverCloud,
  type Migration,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { stepsOf } from "../../../playground/clever-cloud/migration/steps.ts";
import { placementOf } from "../../../playground/clever-cloud/state/migrations.ts";
import { Connection } from "./connection.ts";

const longMs = 60_000;

describe("migrations that go wrong", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;
  let addon: Addon;

  beforeEach(async () => {
    clever = await startLocalCleverCloud({ clock: "hand" });
    connection = new Connection(clever);
    addon = clever.seedAddon({ version: "15", readOnlyUsers: 1, hasDirectAccess: true });
  });

  afterEach(async () => {
    const { violations } = clever;
    await clever.close();
    expect(violations).toEqual([]);
  });

  const migrate = async (advanceMs = longMs): Promise<Migration> => {
    expect(await connection.migrate(addon, { version: "17" })).toMatchObject({ status: 200 });
    clever.advance(advanceMs);
    const migration = clever.migrationsOf(addon).at(-1);
    if (!migration) throw new Error("no migration");
    return migration;
  };

  const told = async (migration: Migration): Promise<unknown> =>
    (await connection.get(connection.addon(addon, `/migrations/${migration.id}`))).body;

  test("a failure at any step is put back, and the database is as before", async () => {
    const source = placementOf(addon);
    const formerly = structuredClone(addon.access);
    for (const at of stepsOf("postgresql-addon", source, source)) {
      clever.scenarios.failAndRecover({ at, message: `broke at ${at}` });
      const migration = await migrate();

      expect(await told(migration)).toMatchObject({ status: "RECOVERED" });
      expect(migration.steps.filter(({ status }) => status === "FAILED")).toMatchObject([
        { value: at, message: `broke at ${at}`, endedAtMs: expect.any(Number) },
      ]);
      expect(addon).toMatchObject({ version: "15", isReadOnly: false, access: formerly });
      expect(addon.readOnlyUsers).toHaveLength(1);
      expect(addon.direct).toBeDefined();
    }
  });

  test.each([
    ["RETRIEVE_ADDON", []],
    ["DEPLOY_MIGRATION_INSTANCE", ["STOP_MIGRATION_INSTANCE"]],
    ["DUMP_AND_RESTORE", ["ENABLE_EDIT_RIGHT", "STOP_MIGRATION_INSTANCE"]],
  ])("after a failure at %s it undoes %j", async (at, undone) => {
    clever.scenarios.failAndRecover({ at });
    const { steps } = await migrate();
    const failed = steps.findIndex(({ status }) => status === "FAILED");

    expect(steps.slice(failed + 1).map(({ value, status }) => [value, status])).toEqual(
      undone.map((value) => [value, "OK"]),
    );
  });

  test("on shared clusters it takes the new database away and unlocks the port", async () => {
    const dev = clever.seedAddon({ plan: "dev" });
    clever.scenarios.failAndRecover({ addon: dev });
    await connection.migrate(dev);
    clever.advance(longMs);

    expect(
      clever
        .migrationsOf(dev)[0]
        ?.steps.slice(-3)
        .map(({ value }) => value),
    ).toEqual(["ENABLE_EDIT_RIGHT", "REMOVE_ADDON_FROM_TARGET_CLUSTER", "UNLOCK_PORT"]);
  });

  test("it is RECOVERING for as long as it is told, then RECOVERED", async () => {
    clever.scenarios.failAndRecover({ at: "RETRIEVE_ADDON", recoveringMs: 5000 });
    const migration = await migrate(4000);

    expect(await told(migration)).toMatchObject({ status: "RECOVERING" });
    clever.advance(2000);
    expect(await told(migration)).toMatchObject({ status: "RECOVERED" });
  });

  test("a way back that never ends stays RECOVERING", async () => {
    clever.scenarios.stayRecovering();

    expect(await told(await migrate(24 * 3_600_000))).toMatchObject({ status: "RECOVERING" });
  });

  test("a failure for good leaves the database read-only and nothing undone", async () => {
    clever.scenarios.failForGood({ at: "DUMP_AND_RESTORE", message: "disk full" });
    const migration = await migrate();

    expect(await told(migration)).toMatchObject({ status: "FAILED" });
    expect(migration.steps.at(-1)).toMatchObject({
      value: "DUMP_AND_RESTORE",
      status: "FAILED",
      message: "disk full",
    });
    expect(addon.isReadOnly).toBe(true);
  });

  test("a failed way back ends FAILED, with both failed steps told", async () => {
    clever.scenarios.failRecovery({ at: "PREPARE_MIGRATION" });
    const migration = await migrate();

    expect(migration.status).toBe("FAILED");
    expect(migration.steps.filter(({ status }) => status === "FAILED").map(({ value }) => value)).toEqual([
      "PREPARE_MIGRATION",
      "ENABLE_EDIT_RIGHT",
    ]);
  });

  test("the platform can give up by itself", async () => {
    clever.scenarios.abort({ at: "QUEUE_MIGRATION_INSTANCE_BOOT" });
    const migration = await migrate();

    expect(migration.status).toBe("ABORTED");
    expect(migration.steps).toContainEqual(
      expect.objectContaining({ value: "QUEUE_MIGRATION_INSTANCE_BOOT", status: "ABORTED" }),
    );
  });

  test.each([
    ["plv8", "15", "OK"],
    ["plv8", "16", "RECOVERED"],
    ["adminpack", "16", "OK"],
    ["adminpack", "17", "RECOVERED"],
    ["hstore", "18", "OK"],
  ])("a database with the extension %s goes to %s: %s", async (extension, version, status) => {
    const extended = clever.seedAddon({ version: "15", extensions: ["hstore", extension] });
    await connection.migrate(extended, { version });
    clever.advance(longMs);
    const failed = clever.migrationsOf(extended)[0]?.steps.filter((step) => step.status === "FAILED");

    expect(clever.migrationsOf(extended)).toMatchObject([{ status }]);
    expect(failed).toMatchObject(
      status === "OK"
        ? []
        : [{ value: "MANAGE_ACTIVE_EXTENSIONS", message: `extension "${extension}" is not available` }],
    );
    expect(extended.version).toBe(status === "OK" ? version : "15");
  });

  test("a step that no list knows appears in its place", async () => {
    clever.scenarios.unknownStep("WARM_UP_CACHES", "DUMP_AND_RESTORE");
    const { steps, status } = await migrate();
    const names = steps.map(({ value }) => value);

    expect(status).toBe("OK");
    expect(names[names.indexOf("DUMP_AND_RESTORE") + 1]).toBe("WARM_UP_CACHES");
  });

  test("a held step stays RUNNING until it is released", async () => {
    clever.scenarios.holdAt("DUMP_AND_RESTORE");
    const migration = await migrate(24 * 3_600_000);

    expect(migration.steps.at(-1)).toMatchObject({ value: "DUMP_AND_RESTORE", status: "RUNNING" });
    clever.scenarios.release();
    clever.advance(longMs);
    expect(migration.status).toBe("OK");
  });

  test("a scenario is for the next migration, or for that of one add-on", async () => {
    const other = clever.seedAddon();
    clever.scenarios.failAndRecover({ addon: other });
    clever.scenarios.failForGood();

    expect((await migrate()).status).toBe("FAILED");
    expect((await migrate()).status).toBe("OK");
    await connection.migrate(other);
    clever.advance(longMs);
    expect(clever.migrationsOf(other)[0]?.status).toBe("RECOVERED");
  });
});
