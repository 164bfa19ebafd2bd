import { afterEach, describe, expect, test } from "vitest";
import {
  type LocalCleverCloud,
  type LocalCleverCloudOptions,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { Connection } from "./connection.ts";

const longMs = 60_000;
const open: LocalCleverCloud[] = [];

const start = async (options: LocalCleverCloudOptions = {}): Promise<[LocalCleverCloud, Connection]> => {
  const clever = await startLocalCleverCloud({ clock: "hand", ...options });
  open.push(clever);
  return [clever, new Connection(clever)];
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((clever) => clever.close()));
});

describe("what can be set", () => {
  test("host and database name can stay from dedicated to dedicated, not from DEV", async () => {
    const [clever, connection] = await start({ identity: "kept" });
    const dedicated = clever.seedAddon();
    const dev = clever.seedAddon({ plan: "dev" });
    const [before, devBefore] = [dedicated.access, dev.access];
    await connection.migrate(dedicated);
    await connection.migrate(dev, { plan: "xs_sml" });
    clever.advance(longMs);

    expect(dedicated.access).toMatchObject({ host: before.host, database: before.database });
    expect(dedicated.access.realId).not.toBe(before.realId);
    expect(dev.access.host).not.toBe(devBefore.host);
  });

  test("steps take the time that is set, also later and by name", async () => {
    const [clever, connection] = await start({ pace: { stepMs: 1000, firstStepMs: 0 } });
    const addon = clever.seedAddon();
    clever.setPace({ steps: { DUMP_AND_RESTORE: 240_000 } });
    await connection.migrate(addon);
    clever.advance(600_000);
    const copy = clever.migrationsOf(addon)[0]?.steps.find(({ value }) => value === "DUMP_AND_RESTORE");

    expect(copy).toMatchObject({ startedAtMs: clever.now() - 600_000 + 14_000 });
    expect((copy?.endedAtMs ?? 0) - (copy?.startedAtMs ?? 0)).toBe(240_000);
  });

  test("two platforms that go through the same are the same to the last ID", async () => {
    const tell = async (): Promise<unknown> => {
      const [clever, connection] = await start();
      const addon = clever.seedAddon({ readOnlyUsers: 1 });
      const application = clever.seedApplication({ linkedTo: [addon] });
      clever.scenarios.failAndRecover({ at: "UPDATE_DNS" });
      const replies = [await connection.migrate(addon)];
      clever.advance(longMs);
      replies.push(await connection.migrate(addon, { plan: "s_med" }));
      clever.advance(longMs);
      replies.push(await connection.get(connection.addon(addon, "/migrations")));
      replies.push(await connection.get(connection.addon(addon, "/env")));
      replies.push(await connection.get(connection.application(application, "/deployments")));
      return replies.map(({ body }) => body);
    };

    expect(await tell()).toEqual(await tell());
  });

  test("on real time a migration ends by itself", async () => {
    const [clever, connection] = await start({ clock: "real", pace: { stepMs: 2, firstStepMs: 1 } });
    const addon = clever.seedAddon();
    await connection.migrate(addon);

    expect(await clever.waitForStatus(addon, ["OK"])).toMatchObject({ status: "OK" });
    expect(Math.abs(clever.now() - Date.now())).toBeLessThan(1000);
  });

  test("on real time the clock can be moved ahead, and the rest follows from there", async () => {
    const [clever, connection] = await start({ clock: "real", pace: { stepMs: 3_600_000 } });
    const addon = clever.seedAddon();
    await connection.migrate(addon);
    clever.advance(3_600_000 * 3);

    expect(clever.migrationsOf(addon)[0]?.steps.map(({ status }) => status)).toEqual(["OK", "OK", "RUNNING"]);
    clever.advance(3_600_000 * 100);
    expect(clever.migrationsOf(addon)[0]?.status).toBe("OK");
  });
});
