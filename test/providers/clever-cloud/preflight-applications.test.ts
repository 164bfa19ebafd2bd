import { expect, test } from "vitest";
import { consentsOf } from "../../../src/core/preflight.ts";
import { find, looked } from "./helpers/looked.ts";

test("a linked application's own variables that hold the address are named, and their values never told", async () => {
  const { report, given, lines } = await looked(
    { plan: "xs_sml", version: "15", hasDirectAccess: true },
    {},
    ({ clever }, addon) => {
      clever.seedApplication({
        name: "shop",
        linkedTo: [addon],
        env: {
          DATABASE_URL: `postgres://u:hunter2@${addon.access.host}:5432/app`,
          REPORTS: `host=${addon.direct?.host} user=u`,
          DB_NAME: addon.access.database,
          BACKUP_PATH: `/backups/${addon.access.database}.dump`,
          OTHER: `${addon.access.host}.example.com`,
          PORT: "8080",
        },
      });
      clever.seedApplication({ name: "quiet", linkedTo: [addon], env: { PORT: "8080" } });
      clever.seedApplication({ name: "stranger", env: { HOST: addon.access.host } });
    },
  );

  expect(report.impact.hardCoded.map(({ application, variable }) => [application.name, variable])).toEqual([
    ["shop", "DATABASE_URL"],
    ["shop", "REPORTS"],
    ["shop", "DB_NAME"],
    ["shop", "BACKUP_PATH"],
  ]);
  expect(find(report, "hard-coded-address")).toEqual({
    check: "hard-coded-address",
    level: "warning",
    summary:
      "shop holds the old address of the database in its own DATABASE_URL, REPORTS, DB_NAME, BACKUP_PATH, which nobody changes.",
    remedy:
      "Make shop read the add-on's own variables, or change DATABASE_URL, REPORTS, DB_NAME, BACKUP_PATH when the migration is over.",
  });
  expect(report.impact.restarts.map(({ name }) => name)).toEqual(["shop", "quiet"]);
  const told = JSON.stringify(report) + lines.join();
  for (const value of ["hunter2", given.access.host, given.access.database, given.direct?.host])
    expect(told).not.toContain(value);
});

test("an application whose variables cannot be read is told instead of passed over", async () => {
  const { report } = await looked({ plan: "xs_sml", version: "15" }, {}, ({ clever }, addon) => {
    clever.seedApplication({ name: "shop", linkedTo: [addon], isStopped: true });
    clever.faults.always("getApplicationEnv", { status: 403 });
  });

  expect(find(report, "variables-unread")?.summary).toBe(
    "Godwit cannot read the variables of shop, so it does not know whether the old address is among them.",
  );
  expect(find(report, "application-stopped")?.summary).toBe(
    "shop is stopped, so it is not restarted; it reads the new address when it starts.",
  );
  expect(report.impact.restarts).toEqual([]);
});

test("a move to another zone tells of names, prices of distance, and of applications left behind", async () => {
  const { report } = await looked({ plan: "xs_sml", version: "15" }, { zone: "rbx" }, ({ clever }, addon) => {
    clever.seedApplication({ name: "shop", linkedTo: [addon] });
  });

  expect(find(report, "zone-change")).toMatchObject({
    level: "warning",
    summary: "The database moves from zone par to rbx: names can lead to the old place for up to 1 h.",
  });
  expect(find(report, "application-apart")?.summary).toBe(
    "shop runs in zone par and the database will be in rbx: each query takes longer.",
  );
});

test.each([
  [
    "leaving",
    "parhds",
    "par",
    "The database leaves zone parhds, which is certified for health data (HDS), for par, which is not. Consent only when whoever answers for the data has decided that it may leave; otherwise pick a certified zone.",
  ],
  [
    "entering",
    "par",
    "parhds",
    "The database moves into zone parhds, which is certified for health data (HDS). Consent when whoever answers for the data wants it there.",
  ],
  [
    "moving between",
    "parhds",
    "rbxhds",
    "The database, which may hold health data, moves from zone parhds to rbxhds; both are certified for it (HDS). Consent when whoever answers for the data wants it there.",
  ],
  [
    "staying in",
    "parhds",
    "parhds",
    "The database, which may hold health data, is copied to another instance in zone parhds, which is certified for it (HDS). Consent when whoever answers for the data agrees to the migration.",
  ],
])("%s a zone for health data asks for a consent of its own", async (_, from, to, sentences) => {
  const { report } = await looked({ plan: "xs_sml", version: "15", zone: from }, { zone: to });
  const asked = consentsOf(report);

  expect(asked.map(({ summary, remedy }) => `${summary} ${remedy}`)).toEqual([sentences]);
  expect(report.findings.filter(({ level }) => level === "blocker")).toEqual([]);
});

test("other zones ask for no consent", async () => {
  const { report } = await looked({ plan: "xs_sml", version: "15" }, { zone: "rbx" });

  expect(consentsOf(report)).toEqual([]);
});
