import { expect, test } from "vitest";
import { drive } from "../../../src/migrations/runner/drive.ts";
import { until } from "../../support/until.ts";
import { aBench } from "./helpers/a-bench.ts";
import { orders, planId } from "./helpers/a-platform.ts";

test("a migration that goes well tells its milestones, its variables and its applications", async () => {
  const { clever, migrated, posted, told, lines } = await aBench();
  const addon = orders(clever);
  const { password } = addon.access;
  const shop = clever.seedApplication({ name: "shop", linkedTo: [addon] });
  const done = await migrated({ addonId: "orders", planId: planId(addon, "m_med"), version: "17" });

  expect(done).toMatchObject({ state: "succeeded", pivotPassed: true, proof: null });
  expect(addon).toMatchObject({ version: "17", plan: { slug: "m_med" } });
  expect(await posted()).toEqual([
    "confirmation",
    "progress",
    "read-only-began",
    "read-only-ended",
    "succeeded",
  ]);
  expect((await told(done.id, "succeeded")).slice(0, 3)).toEqual([
    "== orders is migrated: PostgreSQL 15 to 17, plan XS Small Space to M Medium Space ==",
    "Not verified: this provider moves the data itself and gives no proof that old and new are equal.",
    "Changed: the add-on's variables POSTGRESQL_ADDON_URI, POSTGRESQL_ADDON_HOST, POSTGRESQL_ADDON_PORT, POSTGRESQL_ADDON_DB, POSTGRESQL_ADDON_USER, POSTGRESQL_ADDON_PASSWORD and POSTGRESQL_ADDON_ROLE have new values.",
  ]);
  expect(clever.callsTo("startMigration")).toMatchObject([
    { body: { planId: planId(addon, "m_med"), region: "par", version: "17" } },
  ]);
  expect(clever.deploymentsOf(shop)).toHaveLength(1);
  expect(clever.callsTo("redeploy")).toEqual([]);
  expect(clever.violations).toEqual([]);
  for (const secret of [password, addon.access.password, clever.token])
    expect(lines.join("\n")).not.toContain(secret);
});

test("the read-only time is the platform's, from REMOVE_EDIT_RIGHT to ENABLE_EDIT_RIGHT", async () => {
  const { clever, migrated } = await aBench();
  const addon = orders(clever);
  const done = await migrated({ addonId: "orders", planId: planId(addon, "m_med"), version: "17" });
  const steps = clever.migrationsOf(addon).at(-1)?.steps ?? [];
  const at = (name: string) => steps.find(({ value }) => value === name);

  expect(done.readOnlyFrom?.getTime()).toBe(at("REMOVE_EDIT_RIGHT")?.startedAtMs);
  expect(done.readOnlyUntil?.getTime()).toBe(at("ENABLE_EDIT_RIGHT")?.endedAtMs);
});

test("a DEV add-on leaves its shared cluster, and its thread says what that means", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = clever.seedAddon({ name: "orders", plan: "dev" });
  const done = await migrated({ addonId: "orders", planId: planId(addon, "xxs_sml"), version: "17" });

  expect(done.state).toBe("succeeded");
  expect(addon.plan.slug).toBe("xxs_sml");
  const confirmation = await told(done.id, "confirmation");
  expect(confirmation).toContain(
    "- Warning: DEV is a shared plan without support: Clever Cloud does not help when a migration from it fails. There is no way back to it either. Take a backup before.",
  );
  expect(confirmation).toContain("Difference: 5.25 EUR more per month");
  expect(clever.violations).toEqual([]);
});

test("a refresh asks for the same plan, version and zone, and succeeds", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = orders(clever);
  const done = await migrated({ addonId: "orders", version: "15" });

  expect(done.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toMatchObject([
    { body: { planId: addon.plan.id, region: "par", version: "15" } },
  ]);
  expect((await told(done.id, "succeeded"))[0]).toBe(
    "== orders is migrated: PostgreSQL 15 on its latest patch, plan XS Small Space ==",
  );
});

test.each([
  ["mysql-addon", "8.0", "8.4", "MySQL"],
  ["redis-addon", "8.8.0", "8.8.0", "Redis"],
  ["mongodb-addon", "4.0.3", "4.0.3", "MongoDB"],
] as const)("%s is migrated like any other kind", async (provider, from, version, engineName) => {
  const { clever, migrated } = await aBench();
  clever.seedAddon({ name: "orders", provider, version: from });
  const done = await migrated({ addonId: "orders", version });

  expect(done).toMatchObject({ state: "succeeded", source: { engineName, version: from } });
  expect(clever.violations).toEqual([]);
});

test("a step that Godwit does not know is shown as it is, in the phase that it is in", async () => {
  const { clever, confirmed, driver, told } = await aBench();
  orders(clever);
  clever.scenarios.next({
    unknownStep: { name: "WARM_UP_CACHES", after: "DUMP_AND_RESTORE" },
    holdAt: "WARM_UP_CACHES",
  });
  const { id } = await confirmed({ addonId: "orders", version: "17" });
  const driving = drive(driver(), id);
  const line = await until(
    async () => (await told(id, "progress")).find((text) => text.includes("WARM_UP_CACHES")),
    { what: "the unknown step" },
  );
  clever.scenarios.release();
  await driving;

  expect(line).toMatch(
    /^- Copy and switch: In progress for .*\. phase 4 of 6, copy: WARM_UP_CACHES, which Godwit does not know, for [\d.]+ s$/,
  );
});

test("an application whose deployment failed is named, and the migration has succeeded all the same", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = orders(clever);
  const shop = clever.seedApplication({ name: "shop", linkedTo: [addon] });
  const reports = clever.seedApplication({ name: "reports", linkedTo: [addon] });
  clever.seedApplication({ name: "attic", linkedTo: [addon], isStopped: true });
  clever.scenarios.deployments(shop, "FAIL");
  clever.scenarios.deployments(reports, "never");
  const done = await migrated({ addonId: "orders", version: "17" });

  expect(done.state).toBe("succeeded");
  const lines = await told(done.id, "succeeded");
  expect(lines.filter((line) => line.startsWith("- ⚠")).sort()).toEqual([
    "- ⚠ attic was not deployed again. It is stopped, so Clever Cloud does not restart it. Deploy it and look at its log.",
    "- ⚠ reports was not deployed again. No deployment of it began within 1.5 s. Look at its log, then press Redeploy.",
    "- ⚠ shop was not deployed again. Its deployment failed. Look at its log, then press Redeploy.",
  ]);
  expect(clever.callsTo("redeploy")).toEqual([]);
});

test("a deployment from before the switch is not taken for the restart", async () => {
  const { clever, migrated, told } = await aBench();
  const addon = orders(clever);
  const shop = clever.seedApplication({ name: "shop", linkedTo: [addon] });
  clever.scenarios.deployments(shop, "OK", "never");
  await fetch(`${clever.bridgeUrl}/v2/organisations/${clever.owner}/applications/${shop.id}/instances`, {
    method: "POST",
    headers: { authorization: `Bearer ${clever.token}` },
  });
  await until(() => clever.deploymentsOf(shop)[0]?.state === "OK", { what: "the earlier deployment" });
  const done = await migrated({ addonId: "orders", version: "17" });

  expect((await told(done.id, "succeeded")).filter((line) => /^- [⚠✓]/.test(line))).toEqual([
    "- ⚠ shop was not deployed again. No deployment of it began within 1.5 s. Look at its log, then press Redeploy.",
  ]);
});

test("an application whose deployments cannot be read is not told to have begun none", async () => {
  const { clever, migrated, told } = await aBench();
  clever.seedApplication({ name: "shop", linkedTo: [orders(clever)] });
  clever.faults.always("listDeployments", { status: 403 });
  const done = await migrated({ addonId: "orders", version: "17" });

  expect((await told(done.id, "succeeded")).join("\n")).toContain(
    "Its deployments cannot be read, so whether one began is not known.",
  );
});
