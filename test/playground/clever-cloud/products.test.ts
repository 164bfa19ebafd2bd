import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalCleverCloud, startLocalCleverCloud } from "../../../playground/clever-cloud/index.ts";
import { Connection } from "./connection.ts";

describe("what the API offers", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;

  beforeEach(async () => {
    clever = await startLocalCleverCloud();
    connection = new Connection(clever);
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

  test("providers with their plans, sizes and zones", async () => {
    const providers = await read(`/v2/products/addonproviders?orgaId=${clever.owner}`);

    expect(providers).toMatchObject([
      { id: "postgresql-addon", canUpgrade: true },
      { id: "mysql-addon", canUpgrade: true },
      { id: "mongodb-addon", canUpgrade: true },
      { id: "redis-addon", canUpgrade: true },
      { id: "es-addon", canUpgrade: false },
      { id: "kv", canUpgrade: false },
    ]);
    expect(providers).toMatchObject({ 0: { plans: expect.any(Array) } });
    const { plans } = (await read("/v2/products/addonproviders/postgresql-addon")) as { plans: unknown[] };
    expect(plans).toHaveLength(32);
    expect(plans).toContainEqual(
      expect.objectContaining({
        slug: "xs_sml",
        zones: expect.arrayContaining(["par", "parhds", "mtl"]),
        features: expect.arrayContaining([
          expect.objectContaining({ name_code: "memory", computable_value: "1073741824", value: "1 GB" }),
          expect.objectContaining({ name_code: "disk-size", computable_value: "5368709120" }),
          expect.objectContaining({ name_code: "connection-limit", computable_value: "75" }),
          expect.objectContaining({ name_code: "is-migratable", computable_value: "true" }),
        ]),
      }),
    );
  });

  test("shared and dedicated are told in each provider's own words", async () => {
    const typeOf = async (provider: string, slug: string): Promise<unknown> => {
      const body = await read(`/v2/products/addonproviders/${provider}`);
      const { plans } = body as { plans: { slug: string; features: { name_code: string }[] }[] };
      return plans
        .find((plan) => plan.slug === slug)
        ?.features.find((one) => one.name_code === "is-dedicated");
    };

    expect(await typeOf("postgresql-addon", "dev")).toMatchObject({
      value: "Shared",
      computable_value: "shared",
    });
    expect(await typeOf("mysql-addon", "dev")).toMatchObject({ value: "Shared", computable_value: "true" });
    expect(await typeOf("mysql-addon", "xxs_sml")).toMatchObject({
      value: "Dedicated",
      computable_value: "false",
    });
  });

  test("a plan that is closed has no zone", async () => {
    const { plans } = (await read("/v2/products/addonproviders/redis-addon")) as {
      plans: { slug: string; zones: string[] }[];
    };

    expect(plans.find(({ slug }) => slug === "xl")).toMatchObject({ zones: [] });
    expect(plans.find(({ slug }) => slug === "xl_mono")?.zones).toContain("par");
  });

  test("versions of dedicated databases and of the shared clusters", async () => {
    expect(await read("/v4/addon-providers/postgresql-addon")).toMatchObject({
      defaultDedicatedVersion: "18",
      dedicated: { "14": {}, "15": {}, "16": {}, "17": {}, "18": { features: [{ name: "encryption" }] } },
      clusters: [{ zone: "par", version: "15" }],
    });
    expect(await connection.get("/v4/addon-providers/kv")).toMatchObject({ status: 404 });
    expect(await connection.get("/v4/addon-providers/nothing")).toMatchObject({ status: 404 });
  });

  test("prices an hour, from which the console's month follows, by zone", async () => {
    const priceIn = async (zone: string): Promise<number | undefined> => {
      const body = await read(`/v4/billing/organisations/${clever.owner}/price-system?zone_id=${zone}`);
      const { runtime, ...head } = body as {
        runtime: { slug_id: string; price: number; time_unit: string }[];
      };
      expect(head).toMatchObject({ zone_id: zone, currency: "EUR", owner_id: clever.owner });
      const row = runtime.find(({ slug_id }) => slug_id.toLowerCase() === "postgresql.xs_sml");
      expect(row).toMatchObject({ slug_id: "postgresql.XS_SML", time_unit: "PT1H" });
      return row?.price;
    };

    expect(((await priceIn("par")) ?? 0) * 24 * 30).toBeCloseTo(19.5, 2);
    expect(((await priceIn("parhds")) ?? 0) * 24 * 30).toBeCloseTo(23.4, 2);
    expect(await connection.get("/v4/billing/price-system?zone_id=moon")).toMatchObject({ status: 400 });
    expect(await connection.get("/v4/billing/price-system?zone_id=par&currency=XXX")).toMatchObject({
      status: 400,
    });
  });

  test("what no source prices is not in the price system", async () => {
    const { runtime } = (await read("/v4/billing/price-system?zone_id=par")) as {
      runtime: { slug_id: string }[];
    };
    const slugs = runtime.map(({ slug_id }) => slug_id);

    expect(slugs).toContain("redis.s_mono");
    expect(slugs).not.toContain("redis.5xl_mono");
  });

  test("zones, with the mark of those for health data", async () => {
    const zones = await read("/v4/products/zones");

    expect(zones).toContainEqual(
      expect.objectContaining({
        name: "par",
        countryCode: "FR",
        city: "Paris",
        tags: ["infra:clever-cloud", "region:eu"],
      }),
    );
    expect(zones).toContainEqual(
      expect.objectContaining({ name: "grahds", tags: ["infra:ovh", "region:eu", "certification:hds"] }),
    );
  });
});
