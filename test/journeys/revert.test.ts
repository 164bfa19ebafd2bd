import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { startMigration, untilState } from "./ask-for-migration.ts";
import type { ChatMessage } from "./platform/chat-driver.ts";
import { PLATFORMS, type Stage, withStage } from "./stage.ts";

const LONG = { timeoutMs: 120_000 };
const RETURN = "Return to the old database";

describe.each(PLATFORMS)("a migration that is reverted after its success in %s", (platform) => {
  it("says first what that loses, goes back when someone confirms, and closes the new database", async () => {
    await withStage({ platform }, async (stage) => {
      const { chat, shop } = stage;
      await stage.startGodwit();
      const thread = await startMigration(chat);
      const result = await thread.waitFor((message) => message.buttons().includes("Revert"), LONG);
      const { id } = await stage.migration();
      await untilWriting(stage, "18");

      const root = await askToRevert(stage, result);
      expect(root.text()).toMatch(/[1-9][\d,]* rows inserted or changed/);
      await chat.person("bob").presses(root, RETURN, { isSure: false });
      expect((await stage.migration()).state).toBe("awaiting_confirmation");
      await chat.person("bob").presses(root, RETURN);
      await root.thread().waitFor(/orders is back at its old database/, LONG);

      await untilState(stage, "succeeded");
      expect(await stage.migration()).toMatchObject({ revertOf: id, target: { version: "15" } });
      await untilWriting(stage, "15");
      expect((await shop.status()).connectedTo?.version).toMatch(/^15/);
      await expectLossAsTold(stage);
      await expectClosed(stage);
      expect(chat.supportPages()).toEqual([]);
      await refuseLate(stage, result);
    });
  }, 300_000);
});

/** The message with what would be lost stands in the channel, and whoever asked is told so. */
async function askToRevert({ chat }: Stage, result: ChatMessage): Promise<ChatMessage> {
  const alice = chat.person("alice");
  await alice.presses(result, "Revert");
  await alice.isTold(/What a return of orders to its old database loses is posted/, LONG);
  return chat.waitFor((message) => message.buttons().includes(RETURN), LONG);
}

/** Every write that the old database lacks is among those that were counted, and it has every earlier one. */
async function expectLossAsTold({ shop, pool }: Stage): Promise<void> {
  const environment = parseEnv(await readFile(join(shop.folder, "shop.env"), "utf8"));
  const journal = await shop.checkJournal(environment["POSTGRESQL_ADDON_URI"] ?? "");
  const { rows } = await pool.query<{ written: number }>(
    `SELECT (notification -> 'loss' ->> 'written')::int AS written FROM godwit.chat_outbox
     WHERE notification ->> 'kind' = 'succeeded' AND notification -> 'loss' IS NOT NULL LIMIT 1`,
  );
  const { missing, present, accepted } = journal;
  expect(missing.length).toBeGreaterThan(0);
  expect(rows[0]?.written).toBeGreaterThanOrEqual(missing.length);
  expect(present + missing.length).toBe(accepted);
}

/** Nobody but administrators enters the database that was left, and it is kept. */
async function expectClosed({ fleet }: Stage): Promise<void> {
  const { url } = fleet.server(18);
  const rows = await querySql<{ open: boolean }>(
    url,
    `SELECT has_database_privilege(r.rolname, d.datname, 'CONNECT') AS open FROM pg_database d
     JOIN pg_roles r ON r.rolname = d.datname WHERE d.datname LIKE 'orders%'`,
  );
  expect(rows).toEqual([{ open: false }]);
}

/** The button stays in an old message; what it could do is done. */
async function refuseLate({ chat }: Stage, result: ChatMessage): Promise<void> {
  await chat.person("alice").presses(result, "Revert");
  await chat.person("alice").isTold(/orders has been migrated again since \(mig_\w+\)/);
}

async function untilWriting({ shop }: Stage, major: string): Promise<void> {
  const { accepted } = await shop.status();
  const isWriting = async () => {
    const status = await shop.status();
    return status.accepted > accepted + 20 && status.connectedTo?.version.startsWith(major);
  };
  await until(isWriting, { what: `the shop to write to ${major}`, timeoutMs: 60_000 });
}
