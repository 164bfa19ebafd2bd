import { describe, expect, it } from "vitest";
import { askForMigration, startMigration, untilState } from "./ask-for-migration.ts";
import { expectNothingLost } from "./expect-nothing-lost.ts";
import { countOf, expectWritesOn } from "./live-migration.ts";
import { PAIRS, withStage } from "./stage.ts";

const LONG = { timeoutMs: 60_000 };

/** In Discord a text of several words belongs to the option that is named before it. */
const freezing = (platform: string, reason: string): string =>
  `/db freeze ${platform === "Discord" ? "reason:" : ""}${reason}`;

describe.each(PAIRS)("a freeze in %s, queue on %s", (platform, backend) => {
  it("holds what runs and starts nothing, over a restart, until it is over", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const { chat } = stage;
      const [alice, bob] = [chat.person("alice"), chat.person("bob")];
      const bot = await stage.startGodwit({ roles: "bot" });
      const worker = await stage.startGodwit({ roles: "worker", environment: { HOLD_AT: "copy-schema" } });
      const thread = await startMigration(chat);
      await worker.holding("copy-schema");

      await bob.asks(freezing(platform, "an *incident* <!channel> @everyone"), /Godwit is frozen\./);
      await thread.waitFor(/Godwit is frozen by .*an \*?incident/);
      worker.order({ holdAt: null });
      await untilState(stage, "paused");
      await expectWritesOn(stage, 15);
      await alice.asks("/db resume orders", /Nothing goes on now: .* has frozen Godwit/);
      await alice.asks(freezing(platform, "again"), /frozen already/);

      await Promise.all([bot.kill("SIGTERM"), worker.kill("SIGTERM")]);
      await stage.startGodwit();
      expect(await alice.asks("/db status", /Godwit is frozen by/)).toMatch(/is paused/);
      await alice.asks("/db unfreeze", /Godwit is unfrozen\./);
      await thread.waitFor(/orders is migrated/, LONG);
      await expectNothingLost(stage);
      for (const words of [/Godwit is frozen by/, /Godwit is unfrozen/])
        expect(
          thread
            .messages()
            .slice(1)
            .filter((message) => words.test(message.text())),
          String(words),
        ).toHaveLength(1);
      expect(countOf(thread, /is paused by/)).toBe(0);
    });
  }, 300_000);

  it("refuses who confirms meanwhile, and says why and who froze", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const { chat } = stage;
      await stage.startGodwit();
      const root = await askForMigration(chat);
      await chat.person("bob").asks(freezing(platform, "payments are down"), /Godwit is frozen\./);
      await chat.person("alice").presses(root, "Migrate the database");
      const told = await chat.person("alice").isTold(/Nothing starts now/);
      expect(told).toMatch(/has frozen Godwit\. The reason given: payments are down\./);
      expect((await stage.migration()).state).toBe("awaiting_confirmation");
    });
  }, 240_000);
});
