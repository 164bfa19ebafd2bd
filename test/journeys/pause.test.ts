import { describe, expect, it } from "vitest";
import { startMigration, untilState } from "./ask-for-migration.ts";
import { expectNothingLost } from "./expect-nothing-lost.ts";
import { countOf, expectWritesOn } from "./live-migration.ts";
import { PAIRS, withStage } from "./stage.ts";

const LONG = { timeoutMs: 60_000 };

describe.each(PAIRS)("a pause in %s, queue on %s", (platform, backend) => {
  it("stands still between two steps over a restart, and is refused while the database is read-only", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const { chat } = stage;
      const [alice, bob] = [chat.person("alice"), chat.person("bob")];
      await stage.startGodwit({ roles: "bot" });
      const first = await stage.startGodwit({ roles: "worker", environment: { HOLD_AT: "copy-schema" } });
      const thread = await startMigration(chat);
      await first.holding("copy-schema");

      const card = await thread.waitFor((message) => message.buttons().includes("Pause"));
      await bob.presses(card, "Pause");
      await bob.isTold(/pauses when “.+” is done/);
      await card.waitFor(/Pausing by .*: it stands still when/);
      first.order({ holdAt: null });
      await thread.waitFor(/The migration of orders is paused by @?.*accepts writes/, LONG);
      await untilState(stage, "paused");
      await expectWritesOn(stage, 15);
      await alice.asks("/db status", /The migration of orders is paused/);
      await alice.asks("/db list", /migration paused/);
      await first.kill("SIGTERM");

      const second = await stage.startGodwit({ roles: "worker", environment: { HOLD_AT: "copy-data" } });
      await alice.asks("/db resume orders", /The migration of orders goes on\./);
      await second.holding("copy-data");
      await alice.asks("/db pause orders", /orders is read-only, and a pause would keep it closed\./);
      second.order({ holdAt: null });

      await thread.waitFor(/orders is migrated/, LONG);
      await expectNothingLost(stage);
      for (const words of [/is paused by/, /lets the migration of orders go on/])
        expect(countOf(thread, words), String(words)).toBe(1);
    });
  }, 300_000);
});
