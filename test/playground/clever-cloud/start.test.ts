import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalCleverCloud, startLocalCleverCloud } from "../../../playground/clever-cloud/index.ts";
import { Connection, planOf } from "./connection.ts";

describe("starting a migration", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;

  beforeEach(async () => {
    clever = await startLocalCleverCloud({ clock: "hand" });
    connection = new Connection(clever);
  });

  afterEach(() => clever.close());

  const errors = (): string[] => clever.violations.map(({ error }) => error);

  test("answers at once, RUNNING and without steps, dated to the microsecond", async () => {
    const addon = clever.seedAddon();

    expect(await connection.migrate(addon, { plan: "s_med" })).toMatchObject({
      status: 200,
      body: {
        migrationId: expect.stringMatching(/^migration_[0-9a-f-]{36}$/),
        requestDate: "2026-11-23T09:00:00.000017Z",
        steps: [],
        status: "RUNNING",
      },
    });
    expect(clever.violations).toEqual([]);
  });

  test.each([
    ["a bigger plan", { version: "15" }, { plan: "s_med" }],
    ["a newer version", { version: "15" }, { version: "17" }],
    ["another zone", {}, { zone: "mtl" }],
    ["nothing new, which is a refresh", { version: "17" }, {}],
    ["dedicated from DEV", { plan: "dev" }, { plan: "xs_sml", version: "17" }],
    ["a plan whose size no source knows", {}, { plan: "xl_gnt" }],
    ["MySQL 8.4", { provider: "mysql-addon", plan: "xs_sml", version: "8.0" }, { version: "8.4" }],
    ["a bigger MongoDB", { provider: "mongodb-addon" }, { plan: "s_sml" }],
    ["a bigger Redis", { provider: "redis-addon", plan: "s_mono" }, { plan: "m_mono" }],
    ["the latest Redis", { provider: "redis-addon", plan: "s_mono", version: "7.2.4" }, { version: "8.8.0" }],
    ["a bigger Elasticsearch", { provider: "es-addon", plan: "xs" }, { plan: "s" }],
  ] as const)("accepts %s", async (_, seed, target) => {
    expect(await connection.migrate(clever.seedAddon(seed), target)).toMatchObject({ status: 200 });
    expect(clever.violations).toEqual([]);
  });

  test.each([
    ["a plan nobody knows", {}, { plan: "plan_x" }, 404, 11_002],
    ["another provider's plan", {}, { plan: "plan_bf78ef5b-aedd-4024-973a-c2ff45541b88" }, 404, 11_002],
    ["less disk", { plan: "xs_big" }, { plan: "xs_sml" }, 400, 11_105],
    ["less memory", { provider: "mongodb-addon", plan: "s_sml" }, { plan: "xs_big" }, 400, 11_105],
    ["fewer connections", { plan: "s_sml" }, { plan: "xs_med" }, 400, 11_105],
    ["dedicated to DEV", {}, { plan: "dev" }, 400, 11_105],
    ["DEV from a plan of unknown size", { plan: "xl_gnt" }, { plan: "dev", version: "15" }, 400, 11_105],
    ["an older version", { version: "17" }, { version: "16" }, 400, 11_105],
    ["MySQL 8.4 to 8.0", { provider: "mysql-addon", version: "8.4" }, { version: "8.0" }, 400, 11_105],
    ["a version that does not exist", {}, { version: "99" }, 400, 11_104],
    ["a version with its patch level", {}, { version: "17.10" }, 400, 11_104],
    ["a version that is over", { version: "11" }, {}, 400, 11_104],
    ["another version on DEV", { plan: "dev", version: "15" }, { version: "17" }, 400, 11_104],
    ["a zone that does not exist", {}, { zone: "moon" }, 400, 11_102],
    ["a zone its provider is not in", { provider: "mongodb-addon" }, { zone: "parhds" }, 400, 11_102],
    ["a closed plan", { provider: "redis-addon", plan: "s" }, { plan: "m" }, 400, 11_102],
    ["what is no database server", { provider: "kv" }, {}, 400, 11_106],
    ["Elasticsearch of another major", { provider: "es-addon", version: "8" }, { version: "7" }, 400, 11_103],
    ["Elasticsearch in another zone", { provider: "es-addon" }, { zone: "rbx" }, 400, 11_109],
    ["an add-on of ten seconds", { ageMs: 10_000 }, {}, 400, 11_107],
  ] as const)("refuses %s", async (_, seed, target, status, id) => {
    const addon = clever.seedAddon(seed);

    expect(await connection.migrate(addon, target)).toMatchObject({
      status,
      body: { id, message: expect.any(String), type: "error" },
    });
    expect(clever.migrationsOf(addon)).toEqual([]);
    expect(errors()).toEqual(["refused-target"]);
  });

  test("a minute later the add-on is old enough", async () => {
    const addon = clever.seedAddon({ ageMs: 10_000 });
    clever.advance(50_000);

    expect(await connection.migrate(addon)).toMatchObject({ status: 200 });
  });

  test("a DEV plan where there is no shared cluster answers the platform's own 503", async () => {
    const reply = await connection.migrate(clever.seedAddon({ plan: "dev", zone: "grahds" }));

    expect(reply).toMatchObject({ status: 503, body: { id: -500, type: "error" } });
    expect(reply.body).toMatchObject({
      message:
        'Error from provider: [{"id":"error","message":"No resource available to provision an addon on grahds.","config":{}}]',
    });
  });

  test("Elasticsearch says in the platform's words that versions do not change", async () => {
    const addon = clever.seedAddon({ provider: "es-addon", version: "8" });

    expect(await connection.migrate(addon, { version: "9" })).toMatchObject({
      body: { message: "Version changes are not supported" },
    });
  });

  test("a second migration of the same add-on is refused, one of another is not", async () => {
    const addon = clever.seedAddon();
    await connection.migrate(addon);

    expect(await connection.migrate(addon)).toMatchObject({ status: 409, body: { id: 11_108 } });
    expect(await connection.migrate(clever.seedAddon())).toMatchObject({ status: 200 });
    expect(clever.migrationsOf(addon)).toHaveLength(1);
    expect(errors()).toEqual(["second-migration"]);
  });

  test("a second one is refused while the first is put back, and welcome once it is over", async () => {
    const addon = clever.seedAddon();
    clever.scenarios.failAndRecover({ at: "RETRIEVE_ADDON", recoveringMs: 1000 });
    await connection.migrate(addon);
    clever.advance(500);

    expect(clever.migrationsOf(addon)).toMatchObject([{ status: "RECOVERING" }]);
    expect(await connection.migrate(addon)).toMatchObject({ status: 409 });
    clever.advance(1000);
    expect(await connection.migrate(addon)).toMatchObject({ status: 200 });
  });

  test("where the server's guard is a step, the second one fails there and the first goes on", async () => {
    const other = await startLocalCleverCloud({ clock: "hand", secondMigration: "step" });
    const its = new Connection(other);
    const addon = other.seedAddon();
    await its.migrate(addon);

    expect(await its.migrate(addon)).toMatchObject({ status: 200, body: { status: "RUNNING" } });
    other.advance(10_000);
    expect(other.migrationsOf(addon)).toMatchObject([
      { status: "OK" },
      {
        status: "FAILED",
        steps: [
          { value: "RETRIEVE_ADDON", status: "OK" },
          { value: "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON", status: "FAILED" },
        ],
      },
    ]);
    expect(other.violations).toMatchObject([{ error: "second-migration" }]);
    await other.close();
  });

  test("unknown and missing fields are violations; what is missing stays as it is", async () => {
    const addon = clever.seedAddon({ version: "16", zone: "rbx" });
    const path = connection.addon(addon, "/migrations");

    expect(await connection.post(path, { planId: planOf(addon, "s_med"), zone: "par" })).toMatchObject({
      status: 200,
    });
    expect(clever.violations).toMatchObject([
      { error: "unknown-field", message: "zone" },
      { error: "missing-field", message: "region" },
      { error: "missing-field", message: "version" },
    ]);
    expect(clever.migrationsOf(addon)).toMatchObject([{ target: { zone: "rbx", version: "16" } }]);
  });

  test.each([
    ["no body", undefined],
    ["a list", []],
    ["a version that is a number", { planId: "p", region: "par", version: 17 }],
  ])("%s is a bad request", async (_, body) => {
    const addon = clever.seedAddon();

    expect(await connection.post(connection.addon(addon, "/migrations"), body)).toMatchObject({
      status: 400,
    });
    expect(errors()).toContain("bad-request");
    expect(clever.migrationsOf(addon)).toEqual([]);
  });

  test("a body that is not JSON is a bad request", async () => {
    const addon = clever.seedAddon();
    const url = `${clever.bridgeUrl}${connection.addon(addon, "/migrations")}`;
    const authorization = `Bearer ${clever.token}`;
    const asForm = await fetch(url, { method: "POST", headers: { authorization }, body: "planId=x" });
    const headers = { authorization, "content-type": "application/json" };
    const broken = await fetch(url, { method: "POST", headers, body: "{" });

    expect([asForm.status, broken.status]).toEqual([400, 400]);
    expect(errors()).toEqual(["bad-request", "bad-request"]);
  });
});
