import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOrders, type OrdersDatabase } from "../../playground/fleet/create-orders.ts";
import { shareRows } from "../../playground/fleet/orders-schema.ts";
import { loadConfig } from "../../src/config.ts";
import { postgresUrl, redisUrl } from "../support/shared-servers.ts";
import { createTestDatabase, querySql } from "../support/test-database.ts";
import { withFleet } from "../support/with-fleet.ts";

describe("the sample database", () => {
  let orders: OrdersDatabase;

  beforeAll(async () => {
    orders = await createOrders({ url: await postgresUrl(17) }, { rows: 1000, name: "fleet_test" });
  });

  afterAll(async () => {
    const admin = await postgresUrl(17);
    await querySql(admin, "DROP DATABASE fleet_test WITH (FORCE)");
    await querySql(admin, "DROP ROLE fleet_test, fleet_test_ro");
  });

  test("holds as many rows as it was asked for", async () => {
    const [row] = await querySql<{ total: number }>(
      orders.url,
      `SELECT ((SELECT count(*) FROM customers) + (SELECT count(*) FROM products)
        + (SELECT count(*) FROM orders) + (SELECT count(*) FROM order_lines))::int AS total`,
    );
    expect(row?.total).toBe(1000);
    expect(Object.values(shareRows(1_000_000)).reduce((sum, rows) => sum + rows)).toBe(1_000_000);
  });

  test("holds one of everything that a migration carries over", async () => {
    const kinds = await querySql<{ relkind: string }>(
      orders.url,
      "SELECT DISTINCT relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    );
    expect(kinds.map(({ relkind }) => relkind)).toEqual(["S", "i", "m", "r", "v"]);
    const [row] = await querySql(
      orders.url,
      `SELECT (SELECT count(*)::int FROM pg_trigger WHERE NOT tgisinternal) AS triggers,
        (SELECT count(*)::int FROM pg_constraint WHERE contype = 'f') AS references,
        (SELECT count(*)::int FROM pg_enum) AS labels, obj_description('orders'::regclass) LIKE 'What%' AS comment`,
    );
    expect(row).toEqual({ triggers: 1, references: 3, labels: 6, comment: true });
  });

  test("belongs to its own role, and the read-only user may only read", async () => {
    const owners = await querySql(
      orders.url,
      "SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = 'public'",
    );
    expect(owners).toEqual([{ owner: "fleet_test" }]);
    expect(await querySql(orders.readOnlyUrl, "SELECT count(*)::int AS n FROM products")).toEqual([{ n: 5 }]);
    await expect(querySql(orders.readOnlyUrl, "DELETE FROM products")).rejects.toMatchObject({
      code: "42501",
    });
  });
});

test("the fleet's godwit.yaml is one that Godwit accepts", async () => {
  await withFleet({ majors: [15], rows: 100 }, async ({ config, folder }) => {
    const environment = { ...config.environment, GODWIT_CONFIG: config.file };
    const loaded = await loadConfig({ environment, folder });
    expect(loaded.providers).toHaveLength(1);
  });
});

test("each test file gets a database of its own, and the run one Redis", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  expect(one.name).not.toBe(two.name);
  expect(await querySql(one.url, "SELECT current_database() AS name")).toEqual([{ name: one.name }]);
  await Promise.all([one.drop(), two.drop()]);
  expect(await redisUrl()).toMatch(/^rediss?:\/\//);
});
