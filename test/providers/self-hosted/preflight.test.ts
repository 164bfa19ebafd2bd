import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { aFleet, NEVER, type TestFleet } from "./helpers/a-fleet.ts";

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

test("finds nothing wrong with a healthy fleet, and says what will happen", async () => {
  const fleet = await aFleet();
  const report = await fleet.provider.preflight(await orders(fleet), TARGET, NEVER);
  expect(report.findings).toEqual([]);
  expect(report.impact).toEqual({
    restarts: [{ id: "shop", name: "Shop" }],
    hardCoded: [],
    readOnlyUsersLost: ["reporting"],
    retentionHours: 72,
  });
  expect(new Date(report.checkedAt).getTime()).toBeGreaterThan(0);
});

test("names variables that hold the old address, never their values", async () => {
  const fleet = await aFleet();
  const text =
    "DATABASE_URL=postgres://x@pg15.db.example/orders\nREPORTS_URL=postgres://r:hunter2@pg15.db.example/orders\n";
  await writeFile(join(fleet.folder, "shop.env"), text);
  const report = await fleet.provider.preflight(await orders(fleet), TARGET, NEVER);
  const application = { id: "shop", name: "Shop" };
  expect(report.impact.hardCoded).toEqual([{ application, variable: "REPORTS_URL" }]);
  expect(report.findings).toMatchObject([{ check: "hard-coded-address", level: "warning" }]);
  expect(JSON.stringify(report)).not.toContain("hunter2");
});

const BLOCKED: readonly [name: string, spoil: (fleet: TestFleet) => void, check: string, level: string][] = [
  [
    "the target's server is down",
    ({ engine }) => engine.servers.delete("pg18"),
    "server-unreachable",
    "blocker",
  ],
  [
    "the source's server is down",
    ({ engine }) => engine.servers.delete("pg15"),
    "server-unreachable",
    "blocker",
  ],
  [
    "no server runs the version any more",
    ({ engine }) => engine.servers.set("pg18", { version: "19", fullVersion: "19.0" }),
    "no-server",
    "blocker",
  ],
  [
    "the copy may take too long",
    ({ engine }) => (engine.window = { minSeconds: 60, maxSeconds: 15_000, source: "" }),
    "window-too-long",
    "warning",
  ],
  [
    "the copy will take too long",
    ({ engine }) => (engine.window = { minSeconds: 14_500, maxSeconds: 15_000, source: "" }),
    "window-too-long",
    "blocker",
  ],
  [
    "the application is not known",
    ({ store }) => {
      const record = store.records.get("addon_orders");
      if (record) store.records.set("addon_orders", { ...record, applications: ["gone"] });
    },
    "application-unknown",
    "blocker",
  ],
  [
    "the env file is missing",
    ({ config }) => Object.assign(config.applications[0] ?? {}, { envFile: "/nowhere/shop.env" }),
    "env-file-missing",
    "blocker",
  ],
  [
    "nothing restarts the application",
    ({ config }) => Object.assign(config.applications[0] ?? {}, { restart: null }),
    "application-restart-missing",
    "warning",
  ],
];

test.each(BLOCKED)("finds that %s", async (_, spoil, check, level) => {
  const fleet = await aFleet();
  const addon = await orders(fleet);
  spoil(fleet);
  fleet.clock.forward(60_000);
  const { findings } = await fleet.provider.preflight(addon, TARGET, NEVER);
  expect(findings).toMatchObject([{ check, level }]);
  expect(findings[0]?.remedy).toMatch(/\.$/);
});

test("chooses the server with the latest patch", async () => {
  const fleet = await aFleet(() => ({ servers: [server("pg15"), server("old18"), server("pg18")] }));
  fleet.engine.servers.set("old18", { version: "18", fullVersion: "18.1" });
  await fleet.provider.preflight(await orders(fleet), TARGET, NEVER);
  expect(fleet.engine.calls).toContain("preflight pg18");
});
