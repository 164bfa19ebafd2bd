import { describe, expect, it } from "vitest";
import { untilState } from "./ask-for-migration.ts";
import { expectNothingLost } from "./expect-nothing-lost.ts";
import { PAIRS, withStage } from "./stage.ts";

const LONG = { timeoutMs: 90_000 };
const CONFIRM = "Migrate the database";

describe.each(PAIRS)("a scheduled start in %s, queue on %s", (platform, backend) => {
  it("is shown before the confirm, can be cancelled, and comes by itself after a reminder", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const { chat } = stage;
      const [alice, bob] = [chat.person("alice"), chat.person("bob")];
      await stage.startGodwit();

      await alice.fillsForm({ version: "18", start: "2h" });
      const first = await chat.waitFor((message) => message.buttons().includes(CONFIRM));
      expect(first.text()).toMatch(/Start:?\s*\S+/);
      await alice.presses(first, CONFIRM);
      const card = await first.thread().waitFor((message) => message.buttons().includes("Start now"));
      await card.waitFor(/The migration of orders is scheduled.*It starts /s);
      await bob.asks("/db status", /The migration of orders is scheduled.*, starts /s);
      await bob.presses(card, "Cancel the migration");
      await untilState(stage, "cancelled");

      await alice.fillsForm({ version: "18", start: "45s" });
      const second = await chat.waitFor(
        (message) => message.id !== first.id && message.buttons().includes(CONFIRM),
      );
      await alice.presses(second, CONFIRM);
      const thread = second.thread();
      await thread.waitFor(/checked again, and nothing stands in its way/, LONG);
      await thread.waitFor(/orders is migrated/, LONG);
      await expectNothingLost(stage);

      const { schedule, queuedAt } = await stage.migration();
      expect(queuedAt?.getTime()).toBeGreaterThanOrEqual(schedule?.notBefore.getTime() ?? Number.NaN);
      expect(chat.errors).toEqual([]);
    });
  }, 300_000);
});
