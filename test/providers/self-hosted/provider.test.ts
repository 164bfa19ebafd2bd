import { expect, test } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { createFenceHolds } from "../../../src/providers/self-hosted/fence-holds.ts";
import { makeDatabaseName } from "../../../src/providers/self-hosted/names.ts";
import { aFleet, aPlan, BIG, NEVER, type TestFleet } from "./helpers/a-fleet.ts";

const TARGET = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;

async function orders(fleet: TestFleet) {
  const addon = await fleet.provider.getAddon("addon_orders", NEVER);
  if (!addon) throw new Error("orders is gone");
  return addon;
}

function server(id: string, change: object = {}) {
  const url = new Secret(`postgres://admin:hunter2@${id}.db.example:5432/postgres`);
  return { id, engine: "postgresql", zone: "par", url, plans: ["pg-s", "pg-m"], ...change };
}

test("adopts each add-on once; afterwards the store is the truth", async () => {
  const fleet = await aFleet();
  expect(await fleet.provider.listAddons(NEVER)).toEqual([
    {
      id: "addon_orders",
      name: "orders",
      engine: "postgresql",
      engineName: "PostgreSQL",
      version: "15",
      planName: "S",
      zone: "par",
    },
  ]);
  const record = fleet.store.records.get("addon_orders");
  if (record) fleet.store.records.set("addon_orders", { ...record, serverId: "pg18", planId: "pg-m" });
  expect(await fleet.anotherProcess().listAddons(NEVER)).toMatchObject([{ version: "18", planName: "M" }]);
});

test("adopts again when the store was not there the first time", async () => {
  const fleet = await aFleet();
  const adopt = fleet.store.adopt.bind(fleet.store);
  fleet.store.adopt = async () => await Promise.reject(new Error("store is down"));
  await expect(fleet.provider.listAddons(NEVER)).rejects.toThrow("store is down");
  fleet.store.adopt = adopt;
  expect(await fleet.provider.listAddons(NEVER)).toHaveLength(1);
});

test("reads an add-on from its server", async () => {
  const fleet = await aFleet();
  expect(await orders(fleet)).toMatchObject({
    version: "15",
    fullVersion: "15.18",
    usedBytes: 2 ** 20,
    zone: "par",
    linkedApplications: [{ id: "shop", name: "Shop" }],
  });
  expect(await fleet.provider.getAddon("addon_other", NEVER)).toBeUndefined();
});

test("names the server that is down, without its URL", async () => {
  const fleet = await aFleet();
  fleet.engine.servers.delete("pg15");
  const error = await fleet.provider.getAddon("addon_orders", NEVER).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "server-unreachable",
    class: "transient",
    summary: "Server pg15 cannot be reached.",
  });
  expect(String(error)).not.toMatch(/hunter2|db\.example/);
  expect(await fleet.provider.listAddons(NEVER)).toMatchObject([{ version: "unknown" }]);
});

test("does not wait for ever for a server that does not answer", async () => {
  const fleet = await aFleet();
  fleet.engine.serverFacts = async () => await new Promise(() => {});
  const before = Date.now();
  await expect(fleet.provider.getAddon("addon_orders", NEVER)).rejects.toMatchObject({
    code: "server-unreachable",
  });
  expect(Date.now() - before).toBeLessThan(7_000);
});

test("judges every plan of the engine and gives reasons", async () => {
  const fleet = await aFleet(() => ({
    plans: [
      aPlan("pg-s"),
      aPlan("pg-m", BIG),
      aPlan("pg-t", { memoryBytes: 2 ** 28 }),
      aPlan("pg-d", { shared: true }),
      aPlan("pg-x", BIG),
      aPlan("re-s", { engine: "redis" }),
    ],
  }));
  const { plans } = await fleet.provider.options(await orders(fleet), undefined, NEVER);
  const codes = plans.map(({ value, verdict }) => [value.id, verdict.allowed || verdict.refusal.code]);
  expect(codes).toEqual([
    ["pg-s", true],
    ["pg-m", true],
    ["pg-t", "downgrade"],
    ["pg-d", "downgrade"],
    ["pg-x", "plan-not-hosted"],
  ]);
});

test("offers the versions of the plan's servers, newest first, each once, with the latest patch", async () => {
  const fleet = await aFleet(() => ({
    servers: [
      server("pg15"),
      server("old18"),
      server("pg18"),
      server("pg14"),
      server("pg17", { plans: ["pg-m"] }),
      server("down"),
    ],
  }));
  fleet.engine.servers.set("old18", { version: "18", fullVersion: "18.1" });
  fleet.engine.servers.set("pg14", { version: "14", fullVersion: "14.9" });
  fleet.engine.servers.set("pg17", { version: "17", fullVersion: "17.10" });
  const addon = await orders(fleet);
  const small = await fleet.provider.options(addon, undefined, NEVER);
  expect(small.versions.map(({ value, verdict }) => [value.label, verdict.allowed])).toEqual([
    ["18 (18.4)", true],
    ["15 (15.18)", true],
    ["14 (14.9)", false],
  ]);
  const medium = await fleet.provider.options(addon, "pg-m", NEVER);
  expect(medium.versions.map(({ value }) => value.version)).toEqual(["18", "17", "15", "14"]);
});

test("offers the plan's zones, and refuses those that no fitting server answers from", async () => {
  const fleet = await aFleet(() => ({
    servers: [server("pg15"), server("pg18", { zone: "mtl" }), server("down", { zone: "syd" })],
  }));
  const { zones } = await fleet.provider.options(await orders(fleet), undefined, NEVER);
  expect(zones.map(({ value, verdict }) => [value.id, verdict.allowed])).toEqual([
    ["par", true],
    ["mtl", true],
    ["syd", false],
  ]);
});

test("quotes the difference between the plans", async () => {
  const fleet = await aFleet();
  const [addon, plan] = [await orders(fleet), fleet.config.plans[1] ?? aPlan("x")];
  expect(await fleet.provider.quote(addon, plan, TARGET)).toMatchObject({
    difference: { minorUnits: 7850, currency: "EUR" },
  });
});

test("diagnoses each server and application on a line", async () => {
  const fleet = await aFleet();
  fleet.engine.servers.delete("pg18");
  const lines = await fleet.provider.diagnose(NEVER);
  expect(lines.map(({ subject, ok, detail }) => [subject, ok, detail])).toEqual([
    ["server pg15", true, "PostgreSQL 15.18 in zone par"],
    ["server pg18", false, "Server pg18 cannot be reached."],
    ["application shop", true, "shop.env can be rewritten, restarted by command"],
  ]);
});

test("makes names that every engine takes", () => {
  const zeros = (count: number) => new Uint8Array(count);
  expect(makeDatabaseName("orders", zeros)).toBe("orders_aaaaaa");
  expect(makeDatabaseName('My "Shop"; DROP', zeros)).toBe("my_shop_drop_aaaaaa");
  expect(makeDatabaseName("15 things", zeros)).toBe("db_15_things_aaaaaa");
  expect(makeDatabaseName("été", zeros)).toBe("t_aaaaaa");
  expect(makeDatabaseName("注文", zeros)).toMatch(/^[a-z][a-z0-9_]+$/);
  expect(makeDatabaseName("x".repeat(80), zeros)).toHaveLength(32);
});

test("forgets a hold that is lost", async () => {
  const holds = createFenceHolds();
  let alive = true;
  const hold = {
    since: new Date(),
    isAlive: () => alive,
    assertAlive: async () => {},
    release: async () => {},
  };
  holds.keep("mig_1", hold);
  expect(holds.alive("mig_1")).toBe(hold);
  alive = false;
  expect(holds.alive("mig_1")).toBeUndefined();
});
