import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Addon,
  type LocalCleverCloud,
  type Migration,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { Connection } from "./connection.ts";

const longMs = 60_000;

describe("cancelling", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;
  let addon: Addon;

  beforeEach(async () => {
    clever = await startLocalCleverCloud({ clock: "hand" });
    connection = new Connection(clever);
    addon = clever.seedAddon();
  });

  afterEach(() => clever.close());

  const cancelAt = async (step: string): Promise<{ migration: Migration; status: number; body: unknown }> => {
    await connection.migrate(addon);
    const [migration] = clever.migrationsOf(addon);
    if (!migration) throw new Error("no migration");
    while (migration.steps.at(-1)?.value !== step) clever.advance(10);
    const reply = await connection.delete(connection.addon(addon, `/migrations/${migration.id}`));
    return { migration, ...reply };
  };

  test("is accepted before writes are closed, and ends ABORTED once the instance is gone", async () => {
    const { migration, status, body } = await cancelAt("DEPLOY_MIGRATION_INSTANCE");

    expect([status, body]).toEqual([204, undefined]);
    expect(migration).toMatchObject({ status: "RECOVERING" });
    expect(migration.steps.slice(-2)).toMatchObject([
      { value: "DEPLOY_MIGRATION_INSTANCE", status: "ABORTED" },
      { value: "STOP_MIGRATION_INSTANCE", status: "RUNNING" },
    ]);
    clever.advance(longMs);
    expect(migration.status).toBe("ABORTED");
    expect(migration.steps.at(-1)).toMatchObject({ value: "STOP_MIGRATION_INSTANCE", status: "OK" });
    expect(clever.violations).toEqual([]);
  });

  test("can end RECOVERED instead", async () => {
    clever.scenarios.next({ cancelEnd: "RECOVERED" });
    const { migration } = await cancelAt("RETRIEVE_ADDON");
    clever.advance(longMs);

    expect(migration.status).toBe("RECOVERED");
  });

  test.each(["REMOVE_EDIT_RIGHT", "DUMP_AND_RESTORE", "UPDATE_ADDON"])(
    "is too late at %s, and the migration goes on",
    async (step) => {
      const { migration, status, body } = await cancelAt(step);

      expect(status).toBe(400);
      expect(body).toMatchObject({ id: 11_110, type: "error" });
      expect(clever.violations).toMatchObject([{ error: "late-cancel" }]);
      clever.advance(longMs);
      expect(migration.status).toBe("OK");
    },
  );

  test("of what is over is too late", async () => {
    await connection.migrate(addon);
    clever.advance(longMs);
    const path = connection.addon(addon, `/migrations/${clever.migrationsOf(addon)[0]?.id}`);

    expect(await connection.delete(path)).toMatchObject({ status: 400 });
    expect(await connection.delete(connection.addon(addon, "/migrations/migration_x"))).toMatchObject({
      status: 404,
    });
  });

  test("can be refused however early, and accepted however late", async () => {
    clever.scenarios.refuseCancel(addon);
    expect(await cancelAt("RETRIEVE_ADDON")).toMatchObject({ status: 400 });
    clever.advance(longMs);

    addon = clever.seedAddon({ version: "15" });
    const formerly = addon.access;
    clever.scenarios.next({ cancel: "accepted" });
    const { migration, status } = await cancelAt("STOP_SOURCE_INSTANCE");
    expect(status).toBe(204);
    clever.advance(longMs);
    expect(migration.status).toBe("ABORTED");
    expect(addon).toMatchObject({ access: formerly, isReadOnly: false });
  });

  test("a held step can be cancelled too, and releasing it later changes nothing", async () => {
    clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
    const { migration } = await cancelAt("DEPLOY_MIGRATION_INSTANCE");
    clever.scenarios.release();
    clever.advance(longMs);

    expect(migration.status).toBe("ABORTED");
  });
});
