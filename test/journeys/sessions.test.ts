import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { describeSessions } from "../../playground/fleet/describe-sessions.ts";
import { makeGuardedFolder } from "../../playground/fleet/make-guarded-folder.ts";
import { type Sessions, startSessions } from "../../playground/fleet/start-sessions.ts";
import { until } from "../support/until.ts";
import { startMigration } from "./ask-for-migration.ts";
import { PLATFORMS, withStage } from "./stage.ts";

/** Every session that the keeper was told is saved is on the new server, and the keeper writes there. */
async function expectMoved({ keeper }: Sessions, version: RegExp): Promise<void> {
  const { accepted } = await keeper.status();
  await until(async () => (await keeper.status()).accepted > accepted + 5, { what: "the keeper to write" });
  const environment = parseEnv(await readFile(join(keeper.folder, "shop.env"), "utf8"));
  const journal = await keeper.checkJournal(environment["REDIS_URL"] ?? "");

  expect((await keeper.status()).connectedTo?.version).toMatch(version);
  expect(journal).toMatchObject({ missing: [], present: journal.accepted });
  expect(journal.refused).toBeGreaterThan(0);
}

async function withSessions(body: (sessions: Sessions) => Promise<void>): Promise<void> {
  const folder = await makeGuardedFolder("sessions");
  const sessions = await startSessions({ folder: folder.path });
  try {
    await body(sessions);
  } finally {
    await sessions.stop();
    await folder.remove();
  }
}

describe.each(PLATFORMS)("sessions on Redis, asked for in %s", (platform) => {
  it("move from Redis 7 to Redis 8 without a lost write, and the thread tells of keys", async () => {
    await withSessions((sessions) =>
      withStage({ platform, part: describeSessions(sessions) }, async (stage) => {
        const { chat } = stage;
        await stage.startGodwit();
        await chat.person("alice").runs("/db list");
        expect(await chat.person("alice").isTold(/sessions/)).toMatch(/sessions.*Redis 7\.0, plan/);

        const thread = await startMigration(chat, { addon: "sessions", version: "8.0", strategy: "dump" });
        await thread.waitFor(/sessions is migrated/, { timeoutMs: 90_000 });

        await expectMoved(sessions, /^Redis 8\.0/);
        expect(thread.text()).toMatch(/Verified: 1 database with [\d,]+ keys/);
        expect(thread.text()).toMatch(/REDIS_URL/);
        expect(chat.supportPages()).toEqual([]);
      }),
    );
  }, 240_000);

  it("become Valkey by replication, and nothing is lost", async () => {
    await withSessions((sessions) =>
      withStage({ platform, part: describeSessions(sessions) }, async (stage) => {
        const { chat } = stage;
        await stage.startGodwit();

        const thread = await startMigration(chat, {
          addon: "sessions",
          version: "Valkey 9.1",
          strategy: "live",
        });
        await thread.waitFor(/sessions is migrated/, { timeoutMs: 90_000 });

        await expectMoved(sessions, /^Valkey 9\.1/);
        expect(thread.text()).toMatch(/Redis 7\.0 to Valkey 9\.1/);
      }),
    );
  }, 240_000);
});
