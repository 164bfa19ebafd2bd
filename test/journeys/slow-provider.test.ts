import { describe, expect, it } from "vitest";
import { askForMigration } from "./ask-for-migration.ts";
import { PLATFORMS, withStage } from "./stage.ts";

const SLOW_MS = 5_000;

describe.each(PLATFORMS)("a provider that answers in five seconds, in %s", (platform) => {
  it("keeps nobody waiting for more than a second until their action is acknowledged", async () => {
    await withStage({ platform }, async (stage) => {
      const { chat } = stage;
      await stage.startGodwit({ environment: { SLOW_MS: String(SLOW_MS) } });
      const [alice, patience] = [chat.person("alice"), { timeoutMs: 60_000 }];

      await alice.asks("/db list", /orders/);
      const root = await askForMigration(chat, { plan: "pg-m", price: /78\.50 EUR more/, patience });
      expect(root.text()).toMatch(/78\.50 EUR more/);
      await alice.presses(root, "Migrate the database");
      await root.waitFor(/Confirmed by @alice/i, patience);

      expect(Math.max(...chat.ackLatencies())).toBeLessThan(1_000);
      expect(chat.ackLatencies().length).toBeGreaterThanOrEqual(5);
      expect(chat.errors).toEqual([]);
    });
  }, 240_000);
});
