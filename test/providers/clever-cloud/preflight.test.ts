import { expect, test } from "vitest";
import type { PreflightReport } from "../../../src/core/preflight.ts";
import { NEVER, readAddon } from "./helpers/a-platform.ts";
import { find, looked } from "./helpers/looked.ts";

const checks = ({ findings }: PreflightReport) => findings.map(({ check }) => check);

test("an ordinary add-on has no blocker and no warning", async () => {
  const { report } = await looked({ plan: "xs_sml", version: "17" });

  expect(report.findings.map(({ level }) => level)).toEqual(["info", "info"]);
  expect(find(report, "unlinked-users")?.summary).toBe(
    "Only linked applications follow. Whatever else connects to this database keeps the old address.",
  );
});

test("read-only users are carried over on PostgreSQL", async () => {
  const { report, given, lines } = await looked({ plan: "xs_sml", version: "15", readOnlyUsers: 2 });

  expect(report.impact.readOnlyUsersLost).toEqual([]);
  expect(find(report, "read-only-users-carried")?.summary).toBe("All 2 read-only users are carried over.");
  for (const { password } of given.readOnlyUsers)
    expect(JSON.stringify(report) + lines.join()).not.toContain(password);
});

test("read-only users are lost on every other kind, and named", async () => {
  const { report, given } = await looked({ provider: "mysql-addon", version: "8.0", readOnlyUsers: 2 });

  expect(report.impact.readOnlyUsersLost).toEqual(given.readOnlyUsers.map(({ user }) => user));
  expect(JSON.stringify(report)).not.toContain(given.readOnlyUsers[0]?.password);
});

test("the direct host and port are lost", async () => {
  const { report, given } = await looked({ plan: "xs_sml", version: "15", hasDirectAccess: true });

  expect(find(report, "direct-access-lost")).toEqual({
    check: "direct-access-lost",
    level: "warning",
    summary:
      "The direct host and port (POSTGRESQL_ADDON_DIRECT_HOST, POSTGRESQL_ADDON_DIRECT_PORT) are lost.",
    remedy: "Generate them anew in the console when the migration is over, and tell whoever uses them.",
  });
  expect(JSON.stringify(report)).not.toContain(given.direct?.host);
});

test.each([
  ["15", "16", "plcoffee, plls, plv8"],
  ["16", "17", "adminpack"],
  ["15", "18", "plcoffee, plls, plv8, adminpack"],
])("from PostgreSQL %s to %s these extensions are gone: %s", async (from, to, names) => {
  const { report } = await looked({ plan: "xs_sml", version: from }, { version: to });

  expect(find(report, "removed-extensions")).toMatchObject({
    level: "warning",
    summary: `PostgreSQL ${to} does not have every extension of ${from}: a database that uses one of ${names} is not migrated and stays on its version.`,
  });
});

test("no extension is gone where none was removed, nor on another kind", async () => {
  const postgresql = await looked({ plan: "xs_sml", version: "17" }, { version: "18" });
  const mysql = await looked({ provider: "mysql-addon", version: "8.0" }, { version: "8.4" });

  expect(checks(postgresql.report)).toEqual(["on-demand-extensions", "unlinked-users"]);
  expect(checks(mysql.report)).toEqual(["unlinked-users"]);
});

test("Elasticsearch: ask support first", async () => {
  const { report } = await looked({ provider: "es-addon", version: "8" });

  expect(find(report, "elasticsearch")?.summary).toBe(
    "Clever Cloud advises to ask its support before any migration of Elasticsearch.",
  );
});

test("an add-on that was made a moment ago cannot be migrated yet", async () => {
  const { report } = await looked({ plan: "xs_sml", version: "15", ageMs: 60_000 });

  expect(find(report, "addon-fresh")).toMatchObject({
    level: "blocker",
    summary: "orders was made 1 min ago, and Clever Cloud does not migrate an add-on that is that new.",
    remedy: "Press Check again in 4 min.",
  });
});

test("another migration of the same add-on blocks", async () => {
  const { clever, provider, given } = await looked({ plan: "xs_sml", version: "15" });
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  await fetch(`${clever.bridgeUrl}/v2/organisations/${clever.owner}/addons/${given.id}/migrations`, {
    method: "POST",
    headers: { authorization: `Bearer ${clever.token}`, "content-type": "application/json" },
    body: JSON.stringify({ planId: given.plan.id, region: "par", version: "16" }),
  });
  const addon = await readAddon(provider, given.id);
  const target = { planId: addon.plan.id, version: "17", zone: "par", strategy: "dump" } as const;
  const report = await provider.preflight(addon, target, NEVER);

  expect(find(report, "migration-running")).toMatchObject({
    level: "blocker",
    summary: `Clever Cloud is migrating orders already: ${clever.migrationsOf(given)[0]?.id}, which no migration of Godwit follows.`,
  });
});

test("what the form would refuse blocks here too", async () => {
  const { report } = await looked(
    { plan: "s_med", version: "16" },
    { plan: "xs_sml", version: "15", zone: "nowhere" },
  );

  expect(report.findings.filter(({ level }) => level === "blocker").map(({ summary }) => summary)).toEqual([
    "XS Small Space has less memory than now (1 GiB, now 2 GiB).",
    "Version 15 is older than 16, which orders runs.",
    "This plan is not offered in zone nowhere.",
  ]);
});

test("amounts of the public list are called that where the organisation's own may not be read", async () => {
  const { report, clever, provider, given } = await looked(
    { plan: "xs_sml", version: "17" },
    {},
    ({ clever }) => {
      clever.faults.always("getPriceSystem", { status: 403 });
    },
  );

  expect(find(report, "list-prices")).toMatchObject({
    level: "warning",
    summary:
      "Clever Cloud does not let Godwit read the prices of this organisation: the amounts are those of its public list.",
  });
  expect((await readAddon(provider, given.id)).plan.monthlyPrice).toEqual({
    minorUnits: 1950,
    currency: "EUR",
  });
  expect(clever.callsTo("getPublicPriceSystem").length).toBeGreaterThan(0);
  expect(clever.violations).toEqual([]);
});

test("sizes that nobody tells are said to be unchecked", async () => {
  const { report } = await looked({ provider: "redis-addon", plan: "m_mono" }, { plan: "l_mono" });

  expect(find(report, "sizes-not-checked")?.level).toBe("info");
});

test("the window comes from the add-on's own last migrations, or is called a guess", async () => {
  const unknown = await looked({ plan: "xs_sml", version: "15" });
  const known = await looked({ plan: "xs_sml", version: "15" }, {}, ({ clever }, addon) => {
    clever.seedPastMigration({ addon, agoMs: 86_400_000, stepMs: 2_000, copyMs: 240_000 });
  });

  expect(unknown.report.estimate).toEqual({
    minSeconds: 60,
    maxSeconds: 3_600,
    source:
      "This is a guess: Clever Cloud publishes no durations and has not migrated this database before. It grows with the data.",
  });
  expect(known.report.estimate.source).toBe(
    "Last time the whole migration took 4 min 40 s, of which copy 4 min.",
  );
  expect(known.report.estimate.minSeconds).toBeGreaterThan(190);
  expect(known.report.estimate.maxSeconds).toBeLessThan(420);
});

test("a version that the platform does not tell is never asked for", async () => {
  const { report } = await looked({ plan: "xs_sml", version: "15" }, {}, ({ clever }) => {
    for (const operation of ["getAddonDetails", "getProviderVersions"] as const)
      clever.faults.always(operation, { status: 404 });
  });

  expect(find(report, "version-unknown")).toMatchObject({ level: "blocker" });
});
