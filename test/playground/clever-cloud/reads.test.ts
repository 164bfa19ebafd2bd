import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Addon,
  type Application,
  type LocalCleverCloud,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { Connection, variables } from "./connection.ts";

const hourMs = 3_600_000;

describe("what the API tells", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;
  let addon: Addon;
  let application: Application;

  beforeEach(async () => {
    clever = await startLocalCleverCloud({ clock: "hand", owner: { name: "Acme" } });
    connection = new Connection(clever);
    addon = clever.seedAddon({ name: "orders", version: "15", readOnlyUsers: 2, hasDirectAccess: true });
    application = clever.seedApplication({
      name: "shop",
      linkedTo: [addon],
      env: { OLD_HOST: addon.access.host },
    });
  });

  afterEach(async () => {
    const { violations } = clever;
    await clever.close();
    expect(violations).toEqual([]);
  });

  const read = async (path: string): Promise<unknown> => {
    const reply = await connection.get(path);
    expect(reply.status).toBe(200);
    return reply.body;
  };

  test("an add-on, alone and in its organisation's list", async () => {
    const expected = {
      id: addon.id,
      name: "orders",
      realId: expect.stringMatching(/^postgresql_[0-9a-f-]{36}$/),
      region: "par",
      zoneId: expect.any(String),
      provider: { id: "postgresql-addon", name: "PostgreSQL", canUpgrade: true },
      plan: { slug: "xs_sml", name: "XS Small Space", price: 17.5, price_id: "postgresql.xs_sml" },
      creationDate: clever.now() - 365 * 24 * hourMs,
      configKeys: expect.arrayContaining(["POSTGRESQL_ADDON_URI", "POSTGRESQL_ADDON_DIRECT_HOST"]),
    };

    expect(await read(connection.addon(addon))).toMatchObject(expected);
    expect(await read(`/v2/organisations/${clever.owner}/addons`)).toMatchObject([expected]);
  });

  test("an add-on's variables, by the names of each engine", async () => {
    const { host, port, database, user, password } = addon.access;

    expect(variables(await connection.get(connection.addon(addon, "/env")))).toEqual({
      POSTGRESQL_ADDON_URI: `postgresql://${user}:${password}@${host}:${port}/${database}`,
      POSTGRESQL_ADDON_HOST: host,
      POSTGRESQL_ADDON_PORT: String(port),
      POSTGRESQL_ADDON_DB: database,
      POSTGRESQL_ADDON_USER: user,
      POSTGRESQL_ADDON_PASSWORD: password,
      POSTGRESQL_ADDON_ROLE: user,
      POSTGRESQL_ADDON_DIRECT_HOST: addon.direct?.host,
      POSTGRESQL_ADDON_DIRECT_PORT: String(addon.direct?.port),
    });
  });

  test.each([
    ["mysql-addon", ["MYSQL_ADDON_HOST", "MYSQL_ADDON_DB", "MYSQL_ADDON_ROLE"]],
    ["mongodb-addon", ["MONGODB_ADDON_HOST", "MONGODB_ADDON_DB"]],
    ["redis-addon", ["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_URL"]],
    ["es-addon", ["ES_ADDON_HOST", "ES_ADDON_VERSION", "ES_ADDON_KIBANA_HOST"]],
  ] as const)("variables of %s", async (provider, names) => {
    const other = clever.seedAddon({ provider });
    const seen = variables(await connection.get(connection.addon(other, "/env")));

    expect(Object.keys(seen)).toEqual(expect.arrayContaining([...names]));
    expect(Object.values(seen)).not.toContain("");
  });

  test("the engine behind an add-on, with its version and its read-only users", async () => {
    expect(await read(`/v4/addon-providers/postgresql-addon/addons/${addon.id}`)).toEqual({
      id: addon.access.realId.replace("postgresql_", ""),
      app_id: addon.id,
      owner_id: clever.owner,
      host: addon.access.host,
      port: addon.access.port,
      database: addon.access.database,
      user: addon.access.user,
      password: addon.access.password,
      plan: "xs_sml",
      zone: "par",
      status: "ACTIVE",
      version: "15",
      features: [{ name: "encryption", enabled: false }],
      read_only_users: addon.readOnlyUsers,
      creation_date: "2025-11-23T09:00:00.000Z[UTC]",
    });
    expect(addon.readOnlyUsers).toHaveLength(2);
  });

  test("linked applications, whole", async () => {
    clever.seedApplication({ name: "unlinked" });

    expect(await read(connection.addon(addon, "/applications"))).toMatchObject([
      {
        id: application.id,
        ownerId: clever.owner,
        name: "shop",
        zone: "par",
        state: "SHOULD_BE_UP",
        instance: { type: "node", minFlavor: { name: "XS" } },
        deployment: { type: "GIT" },
      },
    ]);
    expect(await read(connection.application(application))).toMatchObject({ id: application.id });
  });

  test("an application's own variables apart from those that add-ons and applications give it", async () => {
    expect(await read(connection.application(application, "/env"))).toEqual([
      { name: "OLD_HOST", value: addon.access.host },
    ]);
    expect(await read(connection.application(application, "/addons/env"))).toMatchObject([
      {
        provider_id: "postgresql-addon",
        addon_id: addon.id,
        addon_name: "orders",
        env: expect.arrayContaining([{ name: "POSTGRESQL_ADDON_HOST", value: addon.access.host }]),
      },
    ]);
    expect(await read(connection.application(application, "/dependencies/env"))).toEqual([]);
  });

  test("backups by real ID, one a night, none where the plan has none", async () => {
    const redis = clever.seedAddon({ provider: "redis-addon" });
    const backups = await read(`/v2/backups/${clever.owner}/${addon.access.realId}`);

    expect(backups).toHaveLength(7);
    expect(backups).toMatchObject({
      0: {
        entity_id: addon.access.realId,
        creation_date: "2026-11-23T00:00:00.000Z",
        delete_at: "2026-11-30T00:00:00.000Z",
        download_url: expect.stringMatching(/^https:/),
      },
    });
    expect(await read(`/v2/backups/${clever.owner}/${redis.access.realId}`)).toEqual([]);
    expect(await connection.get(`/v2/backups/${clever.owner}/postgresql_x`)).toMatchObject({ status: 404 });
  });

  test("the summary joins both IDs of an add-on and their owner", async () => {
    expect(await read("/v2/summary")).toMatchObject({
      organisations: [
        {
          id: clever.owner,
          name: "Acme",
          addons: [{ id: addon.id, realId: addon.access.realId, name: "orders" }],
          applications: [{ id: application.id, name: "shop" }],
        },
      ],
    });
  });

  test("an add-on's machines; a DEV plan has none of its own", async () => {
    const dev = clever.seedAddon({ plan: "dev" });

    expect(await read(connection.addon(addon, "/instances"))).toMatchObject([{ state: "UP" }]);
    expect(await read(connection.addon(dev, "/instances"))).toEqual([]);
  });

  test("a preview of the order, from the outdated price", async () => {
    const planId = addon.provider.plans.find(({ slug }) => slug === "s_med")?.id ?? "";
    const path = connection.addon(addon, "/migrations/preorders");

    expect(await read(`${path}?planId=${planId}`)).toMatchObject({
      ownerId: clever.owner,
      type: "ADDON_PREORDER",
      lines: [{ description: "PostgreSQL S Medium Space", price_total_ht: 37.5 }],
    });
    expect(await connection.get(`${path}?planId=plan_x`)).toMatchObject({ status: 404 });
  });

  test("what does not exist answers 404 in the API's shape", async () => {
    const missing = (path: string) => connection.get(`/v2/organisations/${clever.owner}${path}`);

    expect(await missing("/addons/addon_x")).toMatchObject({
      status: 404,
      body: { id: 11_001, message: "This addon does not exist.", type: "error" },
    });
    expect(await missing("/applications/app_x/env")).toMatchObject({ status: 404, body: { id: 4002 } });
    expect(await missing(`/addons/${addon.id}/migrations/migration_x`)).toMatchObject({ status: 404 });
    expect(await connection.get("/v4/addon-providers/mysql-addon/addons/addon_x")).toMatchObject({
      status: 404,
    });
  });
});

describe("requests that the API does not know", () => {
  test("other routes, real IDs and unknown parameters are violations", async () => {
    const clever = await startLocalCleverCloud();
    const connection = new Connection(clever);
    const addon = clever.seedAddon();
    const ownerAndAddon = `${clever.owner}addons/${addon.id}`;

    expect(await connection.delete(`/v2/organisations/${ownerAndAddon}/migrations/:XXX`)).toMatchObject({
      status: 404,
    });
    expect(
      await connection.get(`/v2/organisations/${clever.owner}/addons/${addon.access.realId}`),
    ).toMatchObject({
      status: 404,
    });
    expect(await connection.get(connection.addon(addon, "?verbose=1"))).toMatchObject({ status: 200 });
    expect(clever.violations.map(({ error }) => error)).toEqual([
      "unknown-route",
      "wrong-id",
      "unknown-field",
    ]);
    await clever.close();
  });
});
