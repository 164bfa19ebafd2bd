import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration } from "./ask-for-migration.ts";
import { BACKENDS, withStage } from "./stage.ts";

describe.each(BACKENDS)("a cancel, queue on %s", (backend) => {
  it("before the start leaves the database untouched, and during the copy gives it back", async () => {
    await withStage(backend, async (stage) => {
      const { slack, shop } = stage;
      const bot = await stage.startGodwit({ roles: "bot" });
      await startMigration(stage);
      await slack.user("bob").command("/db cancel orders", { channel: "#databases" });
      await until(async () => (await stage.migration()).state === "cancelled", {
        what: "the cancel before the start",
      });
      expect((await stage.migration()).startedAt).toBeNull();
      await bot.kill("SIGTERM");

      await stage.startGodwit({ environment: { HOLD_AT: "copy-data" } });
      const thread = await startMigration(stage);
      await until(async () => (await stage.migration()).readOnlyFrom !== null, {
        what: "read-only",
        timeoutMs: 60_000,
      });
      await slack.user("bob").command("/db cancel orders", { channel: "#databases" });
      await thread.waitFor(/accepts writes again/, { timeoutMs: 30_000 });
      await until(async () => (await stage.migration()).state === "cancelled", {
        what: "the cancel during the copy",
      });

      const { accepted } = await shop.status();
      await until(async () => (await shop.status()).accepted > accepted + 5, {
        what: "the shop to write again",
      });
      expect((await shop.status()).connectedTo?.version).toMatch(/^15/);
      expect(slack.user("sam").notifications).toEqual([]);
      expect(slack.violations).toEqual([]);
    });
  }, 240_000);
});
