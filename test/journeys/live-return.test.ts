import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration, untilState } from "./ask-for-migration.ts";
import { expectNothingLost, expectWindowAsTold } from "./expect-nothing-lost.ts";
import { countOf, expectWritesOn, replicationLeftovers } from "./live-migration.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";

const LONG = { timeoutMs: 60_000 };
/** Long enough for a switch on a busy machine. */
const LIMIT_MS = 8_000;

describe.each(PAIRS)("a switch that takes too long, told in %s, queue on %s", (platform, backend) => {
  it("opens the old database again, says why, and goes through at the next try", async () => {
    await withStage({ platform, backend, switchLimit: `${LIMIT_MS}ms` }, async (stage) => {
      const { chat } = stage;
      const godwit = await stage.startGodwit({ environment: { HOLD_AT: "drain" } });
      const thread = await startMigration(chat, { strategy: "live" });
      await godwit.holding("drain");
      await thread.waitFor(/orders is read-only since/);
      await untilPastLimit(stage);
      godwit.order({ holdAt: null });

      await thread.waitFor(/orders accepts writes again, on the old database, which stays in service/);
      await thread.waitFor(
        /was taken back\. The switch did not come through within 8\.0 s\. The old database is in service and accepts writes/,
      );
      await thread.waitFor(/Tried and retrying\. The switch did not come through within 8\.0 s\./);
      await expectWritesOn(stage, 15);

      await chat.person("bob").asks("/db switch orders 1s", /switches when its gate lets it/);
      await thread.waitFor(/bob\b.* set the switch of orders to /i);
      await thread.waitFor(/orders is migrated/, LONG);
      await untilState(stage, "succeeded");
      expect(await stage.migration()).toMatchObject({ gate: { tries: 1 } });
      for (const words of [/was taken back/, /on the new database\. It was read-only for/, /is migrated/])
        expect(countOf(thread, words), String(words)).toBe(1);
      await expectNothingLost(stage);
      await expectWindowAsTold(stage);
      expect(await replicationLeftovers(stage)).toEqual([]);
      expect(chat.supportPages()).toEqual([]);
    });
  }, 240_000);
});

/** By the clock of the migration: the limit is counted from its fence. */
function untilPastLimit(stage: Stage): Promise<true> {
  return until(
    async () => {
      const { readOnlyFrom } = await stage.migration();
      return readOnlyFrom !== null && Date.now() > readOnlyFrom.getTime() + LIMIT_MS;
    },
    { what: "the limit to be over", timeoutMs: 2 * LIMIT_MS },
  );
}
