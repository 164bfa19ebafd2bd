import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { askForMigration, startMigration, untilState } from "./ask-for-migration.ts";
import { PAIRS, withStage } from "./stage.ts";

describe.each(PAIRS)("a cancel in %s, queue on %s", (platform, backend) => {
  it("before the start leaves the database untouched, and during the copy gives it back", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const { chat, shop } = stage;
      const bot = await stage.startGodwit({ roles: "bot" });
      const draft = await askForMigration(chat);
      await chat.person("bob").presses(draft, "Cancel");
      await draft.waitFor(/Cancelled by @\S.*Nothing was started\./s);
      const queued = await startMigration(chat);
      const card = await queued.waitFor((message) => message.buttons().includes("Cancel the migration"));
      await chat.person("bob").presses(card, "Cancel the migration");
      await untilState(stage, "cancelled");
      expect((await stage.migration()).startedAt).toBeNull();
      await bot.kill("SIGTERM");

      const godwit = await stage.startGodwit({ environment: { HOLD_AT: "copy-data" } });
      const thread = await startMigration(chat);
      await godwit.holding("copy-data");
      expect((await stage.migration()).readOnlyFrom).not.toBeNull();
      await chat.person("bob").runs("/db cancel orders");
      await thread.waitFor(/accepts writes again/);
      await untilState(stage, "cancelled");

      const { accepted } = await shop.status();
      await until(async () => (await shop.status()).accepted > accepted + 5, {
        what: "the shop to write again",
      });
      expect((await shop.status()).connectedTo?.version).toMatch(/^15/);
      expect(chat.supportPages()).toEqual([]);
    });
  }, 240_000);
});
