import { expect, test } from "vitest";
import { formatMoney } from "../../../src/core/money.ts";
import type { Offer } from "../../../src/core/target.ts";
import { aPlatform, NEVER, orders, planId, readAddon } from "./helpers/a-platform.ts";

/** What an offer says: `yes`, or why not. */
const said = <T>({ verdict }: Offer<T>) => (verdict.allowed ? "yes" : verdict.refusal.summary);

async function offered(
  seed: Parameters<Awaited<ReturnType<typeof aPlatform>>["clever"]["seedAddon"]>[0],
  plan?: string,
) {
  const { clever, provider } = await aPlatform({ config: () => ({ elasticsearch: true }) });
  const given = clever.seedAddon({ name: "orders", ...seed });
  const addon = await readAddon(provider, given.id);
  const options = await provider.options(addon, plan && planId(given, plan), NEVER);
  const plans = new Map(
    options.plans.map((offer) => [
      given.provider.plans.find(({ id }) => id === offer.value.id)?.slug ?? offer.value.name,
      said(offer),
    ]),
  );
  const versions = options.versions.map((offer) => `${offer.value.version}: ${said(offer)}`);
  const zones = new Map(options.zones.map((offer) => [offer.value.id, said(offer)]));
  return { addon, provider, options, plans, versions, zones };
}

test("lists the databases of the organisation, and nothing else", async () => {
  const { clever, provider } = await aPlatform();
  orders(clever);
  clever.seedAddon({ name: "cache", provider: "redis-addon" });
  clever.seedAddon({ name: "search", provider: "es-addon" });
  clever.seedAddon({ name: "keys", provider: "kv" });
  clever.seedAddon({ name: "foreign", ownerId: "orga_somebody" });

  expect(
    (await provider.listAddons(NEVER)).map(({ name, engineName, version }) => [name, engineName, version]),
  ).toEqual([
    ["orders", "PostgreSQL", "15"],
    ["cache", "Redis", "8.8.0"],
  ]);
  expect(clever.violations).toEqual([]);
});

test("an add-on whose version cannot be read now keeps no list from being shown", async () => {
  const { clever, provider } = await aPlatform();
  orders(clever);
  clever.faults.always("getAddonDetails", { status: 403 });

  expect(await provider.listAddons(NEVER)).toMatchObject([{ name: "orders", version: "unknown" }]);
});

test("Elasticsearch is there for those who switched it on, within its major version and zone", async () => {
  const { versions, zones } = await offered({ provider: "es-addon", version: "8" });

  expect(versions).toEqual([
    "9: Elasticsearch moves to another major version through Clever Cloud's support only.",
    "8: yes",
    "7: Version 7 is older than 8, which orders runs.",
  ]);
  expect(zones.get("par")).toBe("yes");
  expect(zones.get("rbx")).toBe("Elasticsearch moves to another zone through Clever Cloud's support only.");
});

test("finds an add-on by its real ID too", async () => {
  const { clever, provider } = await aPlatform();
  const { id, access } = orders(clever);

  expect((await provider.getAddon(access.realId, NEVER))?.id).toBe(id);
  expect(await provider.getAddon("postgresql_of-nobody", NEVER)).toBeUndefined();
  expect(await provider.getAddon("../summary", NEVER)).toBeUndefined();
});

test("refuses less memory, disk or connections, and shared plans, each with its reason", async () => {
  const { plans } = await offered({ plan: "s_med", version: "15" });

  expect(plans.get("s_med")).toBe("yes");
  expect(plans.get("m_med")).toBe("yes");
  expect(plans.get("xs_sml")).toBe("XS Small Space has less memory than now (1 GiB, now 2 GiB).");
  expect(plans.get("s_sml")).toBe("S Small Space has less disk than now (10 GiB, now 15 GiB).");
  expect(plans.get("dev")).toBe("DEV is a shared plan, S Medium Space is dedicated.");
});

test("says where downgrades go", async () => {
  const { options } = await offered({ plan: "s_med", version: "15" });
  const refused = options.plans.flatMap(({ verdict }) => (verdict.allowed ? [] : [verdict.refusal]));

  expect(refused.find(({ code }) => code === "downgrade")?.remedy).toBe(
    "Downgrades go through support: ask them with the add-on ID.",
  );
});

test("where sizes are not known the price speaks for them", async () => {
  const { plans } = await offered({ provider: "redis-addon", plan: "m_mono" });

  expect(plans.get("s_mono")).toMatch(
    / costs less than now \(5\.00 EUR, now 12\.50 EUR\), and Clever Cloud does not tell all its sizes\.$/,
  );
  expect(plans.get("l_mono")).toBe("yes");
});

test("a plan that is not offered any more is left out, unless the add-on has it", async () => {
  const other = await offered({ provider: "redis-addon", plan: "m_mono" });
  const own = await offered({ provider: "redis-addon", plan: "l" });

  expect(other.plans.has("l")).toBe(false);
  expect(own.plans.get("l")).toMatch(/^Clever Cloud does not offer .* any more\.$/);
});

test("offers each version from the present one on, newest first", async () => {
  const { versions } = await offered({ plan: "xs_sml", version: "16" });

  expect(versions).toEqual([
    "18: yes",
    "17: yes",
    "16: yes",
    "15: Version 15 is older than 16, which orders runs.",
    "14: Version 14 is older than 16, which orders runs.",
  ]);
});

test("a shared plan has its cluster's version", async () => {
  const dev = await offered({ plan: "dev" });
  const leaving = await offered({ plan: "dev" }, "xs_sml");

  expect(dev.versions).toEqual(["15: yes"]);
  expect(leaving.versions.slice(0, 2)).toEqual(["18: yes", "17: yes"]);
});

test("offers the zones of the plan by the names that people know", async () => {
  const { options } = await offered({ plan: "xs_sml", version: "15" });

  expect(options.zones.find(({ value }) => value.id === "mtl")).toEqual({
    value: { id: "mtl", name: "Montreal (mtl)" },
    verdict: { allowed: true },
  });
});

test("the price is the price system's for 30 days, not the plan's own, which is out of date", async () => {
  const { addon, options, provider } = await offered({ plan: "xs_sml", version: "15" });
  const medium = options.plans.find(({ value }) => value.name === "M Medium Space")?.value;
  if (medium === undefined) throw new Error("no M Medium Space");
  const target = { planId: medium.id, version: "17", zone: "par", strategy: "dump" } as const;
  const quote = await provider.quote(addon, medium, target);

  expect(formatMoney(addon.plan.monthlyPrice)).toBe("19.50 EUR");
  expect([quote.before, quote.after, quote.difference, quote.whileBothRun].map(formatMoney)).toEqual([
    "19.50 EUR",
    "98.00 EUR",
    "78.50 EUR",
    "117.50 EUR",
  ]);
});

test("another zone has another price", async () => {
  const { clever, provider } = await aPlatform();
  const addon = await readAddon(provider, orders(clever).id);
  const runtime = [{ slug_id: "postgresql.XS_SML", price: 0.05, time_unit: "PT1H" }];
  clever.faults.next("getPriceSystem", { status: 200, body: { runtime } });
  const target = { planId: addon.plan.id, version: "15", zone: "rbx", strategy: "dump" } as const;

  expect(formatMoney((await provider.quote(addon, addon.plan, target)).after)).toBe("36.00 EUR");
  expect(clever.callsTo("getPriceSystem").map(({ path }) => path.split("?")[1])).toEqual([
    "zone_id=par",
    "zone_id=rbx",
  ]);
});

test("doctor tells how many databases there are, and when the token runs out", async () => {
  const expires = new Date(Date.now() + 3 * 86_400_000);
  const { clever, provider } = await aPlatform({ config: () => ({ expires }) });
  orders(clever);
  const day = expires.toISOString().slice(0, 10);

  expect(await provider.diagnose(NEVER)).toEqual([
    { subject: `organisation ${clever.owner}`, ok: true, detail: "1 database that can be migrated" },
    {
      subject: "credentials of clever-cloud",
      ok: false,
      detail: `They run out on ${day}.`,
      remedy: "Make a new one as docs/clever-cloud.md says, and write its day into expires in godwit.yaml.",
    },
  ]);
  clever.revokeToken();
  expect((await provider.diagnose(NEVER))[0]).toMatchObject({
    ok: false,
    detail: "Clever Cloud does not take Godwit's token: it has run out, was revoked, or is mistyped.",
  });
});
