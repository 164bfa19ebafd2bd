import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { startMigration, untilState } from "./ask-for-migration.ts";
import { expectWritesOn, replicationLeftovers } from "./live-migration.ts";
import { PLATFORMS, type Stage, withStage } from "./stage.ts";

const LONG = { timeoutMs: 120_000 };
const RETURN = "Return to the old database";

describe.each(PLATFORMS)("a live migration that is reverted in %s", (platform) => {
  it("says that nothing is lost, and loses nothing of what was written since the switch", async () => {
    await withStage({ platform }, async (stage) => {
      const { chat } = stage;
      await stage.startGodwit();
      const thread = await startMigration(chat, { strategy: "live" });
      const result = await thread.waitFor((message) => message.buttons().includes("Revert"), LONG);
      expect(result.text()).toMatch(/follows every change until then, so a Revert loses nothing/);
      await expectWritesOn(stage, 18);

      await chat.person("alice").presses(result, "Revert");
      const root = await chat.waitFor((message) => message.buttons().includes(RETURN), LONG);
      expect(root.text()).toMatch(
        /Nothing is lost.*: the old database follows every change since the switch/,
      );
      expect(root.text()).not.toMatch(/is lost to the applications/);
      await chat.person("bob").presses(root, RETURN);
      const end = await root.thread().waitFor(/orders is back at its old database/, LONG);

      await untilState(stage, "succeeded");
      expect(end.text()).toMatch(/Nothing was lost/);
      await expectWritesOn(stage, 15);
      await expectNothingMissing(stage);
      expect(await replicationLeftovers(stage, { following: true })).toEqual([]);
      expect(chat.supportPages()).toEqual([]);
    });
  }, 300_000);
});

/** Every write that the shop was told is done is in the old database, which is in service again. */
async function expectNothingMissing({ shop }: Stage): Promise<void> {
  const environment = parseEnv(await readFile(join(shop.folder, "shop.env"), "utf8"));
  await shop.stop();
  const journal = await shop.checkJournal(environment["POSTGRESQL_ADDON_URI"] ?? "");
  expect(journal).toMatchObject({ missing: [] });
}
