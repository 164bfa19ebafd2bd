import { expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { drive } from "../../../src/migrations/runner/drive.ts";
import { until } from "../../support/until.ts";
import { aRun, runStep } from "../self-hosted/helpers/run-steps.ts";
import { aBench } from "./helpers/a-bench.ts";
import { aLog, aPlatform, orders } from "./helpers/a-platform.ts";

test.each(["cut", "503"] as const)(
  "an order whose answer is lost (%s) is found in the list and never sent again",
  async (how) => {
    const { clever, migrated } = await aBench();
    const addon = orders(clever);
    clever.seedPastMigration({ addon, agoMs: 86_400_000, stepMs: 1_000, copyMs: 5_000 });
    clever.scenarios.loseStartAnswer(how);
    const done = await migrated({ addonId: "orders", version: "17" });

    expect(done.state).toBe("succeeded");
    expect(clever.callsTo("startMigration")).toHaveLength(1);
    const [, ordered] = clever.migrationsOf(addon);
    const followed = clever.callsTo("getMigration").map(({ path }) => path.split("/").at(-1));
    expect(new Set(followed)).toEqual(new Set([ordered?.id]));
    expect(clever.violations).toEqual([]);
  },
);

test("an order that stays without an answer is found in the list", async () => {
  const { clever, migrated } = await aBench();
  orders(clever);
  clever.scenarios.loseStartAnswer("silent");
  const done = await migrated({ addonId: "orders", version: "17" });

  expect(done.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
});

test("an order that never arrived is not sent a second time", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = orders(clever);
  clever.faults.next("startMigration", { drop: true });
  const failed = await migrated({ addonId: "orders", version: "17" });

  expect(failed).toMatchObject({ state: "needs_support", failure: { code: "clever-cloud-order-lost" } });
  const lines = await told(failed.id, "failed");
  expect(lines).toContain(
    "What happened: Clever Cloud did not answer the order to migrate orders, and no migration was seen to begin since. Godwit does not order a second time by itself.",
  );
  expect(lines).toContain(
    "What to do: Look at the add-on in the console. When a migration runs there, press Retry from this step; when none does, press Mark as solved and ask for it anew. Tickets: https://console.clever-cloud.com/ticket-center-choice",
  );
  expect(clever.callsTo("startMigration")).toHaveLength(1);
  expect(clever.migrationsOf(addon)).toEqual([]);
});

test("a worker that dies between the order and its note leaves it to the next, who adopts it", async () => {
  const { clever, confirmed, driver, store } = await aBench();
  const addon = orders(clever);
  clever.faults.next("startMigration", { acceptedButTimesOut: true });
  const { id } = await confirmed({ addonId: "orders", version: "17" });
  const dying = driver("dying");
  const died = drive(dying, id);
  await until(() => clever.migrationsOf(addon).length === 1, { what: "the order to arrive" });
  dying.stop();
  await died;
  await drive(driver("next"), id);

  expect((await store.migration(id))?.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
});

test("the platform's ID is noted before the first look at the migration", async () => {
  const { clever, confirmed, driver, store } = await aBench();
  const addon = orders(clever);
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const { id } = await confirmed({ addonId: "orders", version: "17" });
  const noted: unknown[] = [];
  const stop = clever.subscribe((change) => {
    if (change.kind === "api-call" && change.call.operation === "getMigration" && noted.length === 0)
      noted.push(store.steps(id));
  });
  const one = driver();
  const driving = drive(one, id);
  await until(() => noted.length > 0, { what: "the first poll" });
  stop();
  one.stop();
  await driving;

  const steps = (await noted[0]) as Awaited<ReturnType<typeof store.steps>>;
  const checkpoint = steps.find(({ name }) => name === "start")?.checkpoint;
  expect(checkpoint).toEqual({
    known: [],
    orderedAt: expect.any(String),
    migrationId: clever.migrationsOf(addon)[0]?.id,
  });
});

test("an add-on that the platform migrates already is not ordered again", async () => {
  const { clever, confirmed, driver, store, told } = await aBench();
  const addon = orders(clever);
  const { id } = await confirmed({ addonId: "orders", version: "17" });
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const path = `/v2/organisations/${clever.owner}/addons/${addon.id}/migrations`;
  await fetch(`${clever.bridgeUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${clever.token}`, "content-type": "application/json" },
    body: JSON.stringify({ planId: addon.plan.id, region: "par", version: "16" }),
  });
  await drive(driver(), id);

  expect(await store.migration(id)).toMatchObject({
    state: "rolled_back",
    failure: { code: "migration-running" },
  });
  expect(await told(id, "failed")).toContain(
    `What happened: Clever Cloud is migrating orders already: ${clever.migrationsOf(addon)[0]?.id}, which no migration of Godwit follows.`,
  );
  expect(clever.callsTo("startMigration")).toHaveLength(1);
  expect(clever.callsTo("abortMigration")).toEqual([]);
});

const REFUSALS = [
  [
    "a role that may not migrate",
    { status: 403, body: { id: 2002, message: "You don't have the rights to do this.", type: "error" } },
    "clever-cloud-forbidden",
    "Clever Cloud does not let Godwit read or change the migration of the add-on ADDON. It says: You don't have the rights to do this. (2002).",
  ],
  [
    "a request that the platform refuses",
    { status: 400, body: { id: 11_103, message: "Version changes are not supported", type: "error" } },
    "clever-cloud-rejected",
    "Clever Cloud refused the migration of the add-on ADDON, and nothing was started. It says: Version changes are not supported (11103).",
  ],
  [
    "a zone without room, which looks like an outage",
    { status: 503, body: { id: -500, message: "Error from provider: no resource available", type: "error" } },
    "clever-cloud-rejected",
    "Clever Cloud refused the migration of the add-on ADDON, and nothing was started. It says: Error from provider: no resource available (-500).",
  ],
  [
    "a migration that began a moment ago",
    { status: 409, body: { id: 11_108, message: "A migration is already running for this addon." } },
    "clever-cloud-already-running",
    "Clever Cloud is migrating this add-on already, and nothing was started. It says: A migration is already running for this addon. (11108).",
  ],
] as const;

test.each(REFUSALS)(
  "%s is told in the platform's own words, and nothing was started",
  async (_, fault, code, words) => {
    const { clever, migrated, told } = await aBench();
    const addon = orders(clever);
    clever.faults.next("startMigration", fault);
    const failed = await migrated({ addonId: "orders", version: "17" });

    expect(failed).toMatchObject({ state: "rolled_back", failure: { code, step: "start" } });
    const lines = await told(failed.id, "failed");
    expect(lines).toContain(`What happened: ${words.replace("ADDON", addon.id)}`);
    expect(lines).toContain(
      "The database now: The old database was not touched: it is in service and accepts writes.",
    );
    expect(clever.callsTo("startMigration")).toHaveLength(1);
    expect(clever.migrationsOf(addon)).toEqual([]);
  },
);

test("an order that came too often is sent again, since it was not taken", async () => {
  const { clever, migrated } = await aBench();
  const addon = orders(clever);
  clever.faults.next("startMigration", { status: 429, retryAfter: 1 }, { times: 2 });
  const done = await migrated({ addonId: "orders", version: "17" });

  expect(done.state).toBe("succeeded");
  expect(clever.callsTo("startMigration").map(({ status }) => status)).toEqual([429, 429, 200]);
  expect(clever.migrationsOf(addon)).toHaveLength(1);
  const [first, second] = clever.callsTo("startMigration");
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
});

test("an order whose fate Godwit may not look up is not told as untouched", async () => {
  const { clever, confirmed, driver, store, told } = await aBench();
  const addon = orders(clever);
  const stop = clever.subscribe((change) => {
    if (change.kind === "api-call" && change.call.operation === "startMigration")
      clever.faults.next("listMigrations", { status: 403 }, { times: 20 });
  });
  clever.faults.next("startMigration", { acceptedButDropped: true });
  const { id } = await confirmed({ addonId: "orders", version: "17" });
  await drive(driver(), id);
  stop();

  expect(clever.migrationsOf(addon)).toHaveLength(1);
  expect(await store.migration(id)).toMatchObject({
    state: "needs_support",
    failure: { code: "clever-cloud-forbidden", step: "start" },
  });
  const lines = await told(id, "failed");
  expect(lines).toContain(
    "The database now: Godwit cannot tell which database is in service, so it has stopped. Change nothing until support has looked.",
  );
  expect(lines).toContain(
    `What happened: Clever Cloud's answer to the order to migrate orders was lost, and whether it has begun is not known. Clever Cloud does not let Godwit read or change the migrations of the add-on ${addon.id}. It says: You don't have the rights to do this. (2002).`,
  );
});

test("a migration from before the order is not taken for what the order began", async () => {
  const { clever, provider, lines } = await aPlatform();
  const addon = orders(clever);
  const target = { planId: addon.plan.id, version: "17", zone: "par", strategy: "dump" } as const;
  const run = await aRun(provider, target, addon.id);
  const store = { outputs: run.outputs, passPivot: () => undefined };
  const world = { provider, clock: systemClock, log: aLog(lines), store };
  await runStep(world, run, "check");
  run.checkpoints.set("start", { known: [], orderedAt: new Date().toISOString(), migrationId: null });
  clever.seedPastMigration({ addon, agoMs: 86_400_000, stepMs: 1_000, copyMs: 5_000 });

  await expect(runStep(world, run, "start")).rejects.toMatchObject({
    code: "clever-cloud-order-lost",
    class: "stuck",
  });
});
