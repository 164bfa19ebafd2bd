import { expect, test } from "vitest";
import type { Application } from "../../../playground/clever-cloud/index.ts";
import { orRefused } from "../../../src/migrations/or-refused.ts";
import { redeployApplication } from "../../../src/migrations/redeploy-application.ts";
import { watchRedeployments } from "../../../src/migrations/watch-redeployments.ts";
import { until } from "../../support/until.ts";
import { ALICE, aBench, type Bench } from "./helpers/a-bench.ts";
import { NEVER, orders } from "./helpers/a-platform.ts";

const BOB = { platform: "slack", id: "U2BOB", name: "bob" } as const;

/** A migration that went well and after which the application shop did not come up. */
async function migratedBadly(bench: Bench, end: "FAIL" | "never" = "FAIL") {
  const { clever } = bench;
  const addon = orders(clever);
  const shop = clever.seedApplication({ name: "shop", linkedTo: [addon] });
  clever.scenarios.deployments(shop, end);
  const { id } = await bench.migrated({ addonId: "orders", version: "17" });
  return { id, shop };
}

function press(
  bench: Bench,
  id: string,
  shop: Application,
  change: { deliveryId?: string; by?: typeof BOB } = {},
) {
  const { deliveryId = "press-1", by = ALICE } = change;
  const request = { migrationId: id, applicationId: shop.id, by, deliveryId };
  return orRefused(() => redeployApplication(bench.deps, request, NEVER));
}

/** Looks as the sweeper does, until the thread says how it ended. */
async function untilTold({ deps, told }: Bench, id: string): Promise<string[]> {
  return until(
    async () => {
      await watchRedeployments(deps);
      return told(id, "redeployed").catch(() => undefined);
    },
    { what: "the end of the deployment to be told" },
  );
}

const warnings = (lines: readonly string[]) => lines.filter((line) => /^- [✓⚠…]/.test(line));

test("an application whose deployment failed is deployed anew when a person presses, and the thread tells its end", async () => {
  const bench = await aBench();
  const { clever, told, posted, store } = bench;
  const { id, shop } = await migratedBadly(bench);
  const before = await told(id, "succeeded");
  expect(warnings(before)).toEqual([
    "- ⚠ shop was not deployed again. Its deployment failed. Look at its log, then press Redeploy.",
  ]);
  expect(before).toContain("[ Redeploy shop ]");
  expect(clever.callsTo("redeploy")).toEqual([]);

  expect(await press(bench, id, shop)).toMatchObject({ kind: "redeploying", application: "shop" });
  const meanwhile = await told(id, "succeeded");
  expect(warnings(meanwhile)).toEqual(["- … shop is being deployed anew."]);
  expect(meanwhile.join()).not.toContain("[ Redeploy");
  expect(await told(id, "redeploying")).toEqual([
    "alice has shop deployed anew after the migration of orders. Its end is told here.",
  ]);

  expect(await untilTold(bench, id)).toEqual(["✓ shop was deployed again with the new variables of orders."]);
  const after = await told(id, "succeeded");
  expect(warnings(after)[0]).toMatch(/^- ✓ shop was deployed again with the new database's variables, /);
  expect(after.join()).not.toContain("[ Redeploy");
  expect((await posted()).slice(-3)).toEqual(["succeeded", "redeploying", "redeployed"]);
  expect(clever.callsTo("redeploy")).toHaveLength(1);
  expect(await store.openRedeployments()).toEqual([]);
  expect(clever.violations).toEqual([]);
});

test("a deployment that never began can be asked for, and one that fails again is offered again", async () => {
  const bench = await aBench();
  const { clever, told } = bench;
  const { id, shop } = await migratedBadly(bench, "never");
  clever.scenarios.deployments(shop, "FAIL", "OK");
  await press(bench, id, shop);

  expect(await untilTold(bench, id)).toEqual([
    "⚠ shop, which uses orders, was not deployed again. Its deployment failed. Look at its log, then press Redeploy.",
  ]);
  expect(await told(id, "succeeded")).toContain("[ Redeploy shop ]");
  await press(bench, id, shop, { deliveryId: "press-2" });
  await until(
    async () => {
      await watchRedeployments(bench.deps);
      return (await told(id, "redeployed"))[0]?.startsWith("✓");
    },
    { what: "the second deployment to go well" },
  );
  expect(clever.callsTo("redeploy")).toHaveLength(2);
});

test("two people who press at once, and a press that is delivered twice, order one deployment", async () => {
  const bench = await aBench();
  const { clever, pool } = bench;
  const { id, shop } = await migratedBadly(bench);
  const answers = await Promise.all([
    press(bench, id, shop),
    press(bench, id, shop),
    press(bench, id, shop, { by: BOB, deliveryId: "press-2" }),
  ]);

  expect(clever.callsTo("redeploy")).toHaveLength(1);
  expect(clever.violations).toEqual([]);
  expect(answers.filter(({ kind }) => kind === "redeploying").length).toBeGreaterThan(0);
  const { rows } = await pool.query(
    "SELECT FROM godwit.events WHERE migration_id = $1 AND type = 'redeploy-asked'",
    [id],
  );
  expect(rows).toHaveLength(1);
});

test.each([
  ["cut", { acceptedButDropped: true }],
  ["an error of the server", { acceptedButStatus: 503 }],
] as const)(
  "an order whose answer is lost (%s) is found by looking, and not sent again",
  async (_, fault) => {
    const bench = await aBench();
    const { clever } = bench;
    const { id, shop } = await migratedBadly(bench);
    clever.faults.next("redeploy", fault);
    await press(bench, id, shop);

    expect(await untilTold(bench, id)).toEqual([
      "✓ shop was deployed again with the new variables of orders.",
    ]);
    expect(clever.callsTo("redeploy")).toHaveLength(1);
  },
);

test("an order that never arrives is told as a deployment that did not begin, and offered again", async () => {
  const bench = await aBench();
  const { clever, told } = bench;
  const { id, shop } = await migratedBadly(bench);
  clever.faults.next("redeploy", { drop: true });
  await press(bench, id, shop);

  expect(await untilTold(bench, id)).toEqual([
    "⚠ shop, which uses orders, was not deployed again. No deployment of it began within 1.5 s. Look at its log, then press Redeploy.",
  ]);
  expect(await told(id, "succeeded")).toContain("[ Redeploy shop ]");
});

test("a refusal says why to who pressed and in the thread, and leaves the button", async () => {
  const bench = await aBench();
  const { clever, told } = bench;
  const { id, shop } = await migratedBadly(bench);
  clever.faults.next("redeploy", { status: 403 });

  expect(await press(bench, id, shop)).toMatchObject({
    kind: "refused",
    refusal: {
      summary: expect.stringMatching(
        new RegExp(
          `^Clever Cloud does not let Godwit read or change a deployment of the application ${shop.id}\\.`,
        ),
      ),
      remedy: `Ask an administrator of ${clever.owner} to give Godwit's user the role Manager or Admin there.`,
    },
  });
  expect((await told(id, "redeployed"))[0]).toMatch(
    /^⚠ shop, which uses orders, was not deployed again\. Clever Cloud does not let/,
  );
  expect(await told(id, "succeeded")).toContain("[ Redeploy shop ]");
});

test("while the platform deploys the application by itself, no second deployment is ordered", async () => {
  const bench = await aBench({ pace: { deploymentMs: 2_000 } });
  const { clever } = bench;
  const addon = orders(clever);
  const shop = clever.seedApplication({ name: "shop", linkedTo: [addon] });
  clever.scenarios.deployments(shop, "never");
  const { id } = await bench.migrated({ addonId: "orders", version: "17" });
  clever.world.deployments.start(shop, "Git");

  expect(await press(bench, id, shop)).toMatchObject({
    kind: "refused",
    refusal: {
      summary: "Clever Cloud is deploying this application already, so no second deployment was ordered.",
      remedy: "Wait until it is over, then look whether it went well.",
    },
  });
  expect(clever.callsTo("redeploy")).toEqual([]);
});

test("what was not offered is not deployed: a stopped application, one that came up, and one of somebody else", async () => {
  const bench = await aBench();
  const { clever, told } = bench;
  const addon = orders(clever);
  const attic = clever.seedApplication({ name: "attic", linkedTo: [addon], isStopped: true });
  const well = clever.seedApplication({ name: "well", linkedTo: [addon] });
  const foreign = clever.seedApplication({ name: "foreign" });
  const { id } = await bench.migrated({ addonId: "orders", version: "17" });

  expect((await told(id, "succeeded")).join()).not.toContain("[ Redeploy");
  for (const application of [attic, well, foreign])
    expect(await press(bench, id, application, { deliveryId: application.id })).toMatchObject({
      refusal: { code: "redeploy-not-offered" },
    });
  expect(clever.callsTo("redeploy")).toEqual([]);
});

test("a worker that begins later tells the end of a deployment that another process ordered", async () => {
  const bench = await aBench();
  const { id, shop } = await migratedBadly(bench);
  await press(bench, id, shop);
  const other = bench.elsewhere({}).deps;

  await until(
    async () => {
      await Promise.all([watchRedeployments(other), watchRedeployments(bench.deps)]);
      return (await bench.posted()).includes("redeployed");
    },
    { what: "the end to be told" },
  );
  await watchRedeployments(other);
  expect((await bench.posted()).filter((kind) => kind === "redeployed")).toHaveLength(1);
});
