import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readRefusedWindow } from "../../playground/fleet/check-journal.ts";
import { createOrders } from "../../playground/fleet/create-orders.ts";
import { restartCommand } from "../../playground/fleet/restart-command.ts";
import { shopFiles } from "../../playground/fleet/shop/files.ts";
import type { JournalEntry } from "../../playground/fleet/shop/journal.ts";
import { startShop, writeShopEnv } from "../../playground/fleet/start-shop.ts";

import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { withFleet } from "../support/with-fleet.ts";

const TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shop'";

describe("the shop", () => {
  test("every accepted write is there, and a row deleted by hand is reported as lost", async () => {
    await withFleet({ majors: [18], rows: 100, rate: 200 }, async ({ orders, shop }) => {
      await until(async () => (await shop.status()).accepted > 50, { what: "fifty orders" });
      await shop.stop();
      const before = await shop.checkJournal(orders.url);
      expect(before).toMatchObject({ missing: [], present: before.accepted, refused: 0, otherErrors: {} });
      await querySql(orders.url, "DELETE FROM orders WHERE client_ref = 17");
      const after = await shop.checkJournal(orders.url);
      expect(after).toMatchObject({ missing: [17], present: before.accepted - 1 });
    });
  });

  test("a read-only database refuses cleanly, and lets writes in again afterwards", async () => {
    await withFleet({ majors: [18], rows: 100 }, async ({ fleet, orders, shop }) => {
      const admin = fleet.server(18).url;
      await querySql(admin, "ALTER DATABASE orders SET default_transaction_read_only = on");
      await querySql(admin, TERMINATE);
      await until(async () => (await shop.status()).refused > 5, { what: "refused writes" });
      await querySql(admin, "ALTER DATABASE orders RESET default_transaction_read_only");
      await querySql(admin, TERMINATE);
      const { lastRefusedAt } = await shop.status();
      await until(() => shop.refusedWindow(), { what: "an accepted write after the last refusal" });
      const check = await shop.checkJournal(orders.url);
      expect(check.missing).toEqual([]);
      expect(Object.keys(check.otherErrors).filter((code) => code !== "57P01")).toEqual([]);
      expect(lastRefusedAt).not.toBeNull();
      expect(shop.refusedWindow()?.gapMs).toBeGreaterThan(shop.refusedWindow()?.refusedMs ?? 0);
    });
  });

  test("a write whose outcome a server crash left open ends as written exactly once", async () => {
    await withFleet({ majors: [18], rows: 100, rate: 300 }, async ({ fleet, orders, shop }) => {
      await fleet.server(18).crash();
      await fleet.server(18).restart();
      const { accepted } = await shop.status();
      await until(async () => (await shop.status()).accepted > accepted + 20, {
        what: "orders after the crash",
      });
      await shop.stop();
      expect((await shop.checkJournal(orders.url)).missing).toEqual([]);
    });
  });

  test("the restart command moves it to the database that its env file names", async () => {
    await withFleet({ majors: [15, 18], rows: 100 }, async ({ fleet, shop, folder }) => {
      const moved = await createOrders(fleet.server(18), { rows: 100 });
      expect((await shop.status()).connectedTo?.version).toMatch(/^15\./);
      await writeShopEnv(folder, moved);
      const [program = "", ...args] = restartCommand(folder);
      expect(execFileSync(program, args, { encoding: "utf8" })).toMatch(/connected to version 18/);
      expect((await shop.status()).connectedTo).toMatchObject({ port: moved.port, database: "orders" });
    });
  });

  test("goes on with the next number when it is started again, and takes its files away", async () => {
    await withFleet({ majors: [18], rows: 100 }, async ({ orders, shop, folder }) => {
      await shop.stop();
      const before = await shop.checkJournal(orders.url);
      expect(existsSync(shopFiles(folder).pid)).toBe(false);
      const again = await startShop({ folder, orders });
      await again.stop();
      const after = await again.checkJournal(orders.url);
      expect(after.accepted).toBeGreaterThan(before.accepted);
      expect(after.missing).toEqual([]);
    });
  });
});

test("the refused window runs from the first refusal to the last, the gap between accepted writes", () => {
  const entry = (at: number, outcome: JournalEntry["outcome"]): JournalEntry => ({
    ref: at,
    at,
    outcome,
    code: null,
    target: "",
  });
  const window = [entry(10, "accepted"), entry(20, "refused"), entry(50, "refused"), entry(65, "accepted")];
  expect(readRefusedWindow(window)).toEqual({ refusedMs: 30, gapMs: 55 });
  expect(readRefusedWindow(window.slice(0, 3))).toBeNull();
});
