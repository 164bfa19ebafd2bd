import { describe, expect, it } from "vitest";
import { startMigration, untilState } from "./ask-for-migration.ts";
import { PAIRS, withStage } from "./stage.ts";

/** How often each message is turned away before it is taken. */
const TIMES = 2;

describe.each(PAIRS)("a storm of 429 in %s, queue on %s", (platform, backend) => {
  it("delays messages of a migration, and loses, doubles and reorders none", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const { chat } = stage;
      await stage.startGodwit({ environment: { PACE_SHARE: "1" } });
      chat.trouble.turnsAway(TIMES);

      const thread = await startMigration(chat, { patience: { timeoutMs: 60_000 } });
      await thread.waitFor(/orders is migrated/, { timeoutMs: 120_000 });
      await untilState(stage, "succeeded");

      const told = thread.text();
      const order = [/is read-only since/, /accepts writes again/, /orders is migrated/];
      const places = order.map((words) => told.search(words));
      expect(places.toSorted((a, b) => a - b)).toEqual(places);
      expect(chat.trouble.turnedAway()).toBeGreaterThanOrEqual(TIMES * (thread.messages().length + 1));
      expect(Math.max(...chat.ackLatencies())).toBeLessThan(1_000);
      expect(chat.errors).toEqual([]);
    });
  }, 300_000);
});
