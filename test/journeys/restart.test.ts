import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration, untilState } from "./ask-for-migration.ts";
import type { ChatThread } from "./platform/chat-driver.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";
import type { GodwitProcess } from "./start-godwit.ts";

/** A bot that is killed keeps its right to be connected for a while. */
const TAKEOVER_MS = 15_000;
/** A message that a killed bot was sending is looked up when its claim has run out. */
const PATIENCE = { timeoutMs: 120_000 };

describe.each(PAIRS)(
  "a bot that ends in the middle of a migration in %s, queue on %s",
  (platform, backend) => {
    it("is followed by the next one, and the thread tells everything once and in order", async () => {
      await withStage({ platform, backend }, async (stage) => {
        const { chat } = stage;
        const worker = await stage.startGodwit({ roles: "worker", environment: { HOLD_AT: "copy-schema" } });
        const first = await stage.startGodwit({ roles: "bot" });
        const thread = await startMigration(chat);
        await worker.holding("copy-schema");

        const second = await stage.startGodwit({ roles: "bot" });
        await killWhileSending(stage, first, worker);
        await expectAnswers(stage);

        await second.kill("SIGTERM");
        worker.order({ holdAt: "verify" });
        await worker.holding("verify");
        await stage.startGodwit({ roles: "bot" });
        worker.order({ holdAt: null });
        await expectWholeStory(stage, thread);
      });
    }, 300_000);
  },
);

/** The platform takes the news that writes are refused, and the bot dies before it hears of that. */
async function killWhileSending(
  { chat, pool }: Stage,
  bot: GodwitProcess,
  worker: GodwitProcess,
): Promise<void> {
  await until(async () => (await unsentNews(pool)) === 0, { what: "all news so far to be sent" });
  const taken = chat.trouble.swallowsNextAnswer();
  worker.order({ holdAt: "copy-data" });
  await taken;
  await bot.kill("SIGKILL");
  chat.trouble.clear();
  await worker.holding("copy-data");
}

/** People get an answer again soon; until then they see that there is none. */
async function expectAnswers({ chat }: Stage): Promise<void> {
  const isAnswered = async () => (await chat.person("bob").tries("/db status")).kind === "answered";
  await until(isAnswered, { what: "an answer after the restart", timeoutMs: TAKEOVER_MS });
}

async function expectWholeStory(stage: Stage, thread: ChatThread): Promise<void> {
  await thread.waitFor(/orders is migrated/, PATIENCE);
  await untilState(stage, "succeeded");
  const told = thread.messages().map((message) => message.text());
  for (const words of [/is read-only since/, /accepts writes again/, /orders is migrated/])
    expect(
      told.filter((text) => words.test(text)),
      String(words),
    ).toHaveLength(1);
  expect(stage.chat.supportPages()).toEqual([]);
}

async function unsentNews(pool: Stage["pool"]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM godwit.chat_outbox WHERE kind = 'post' AND status IN ('pending', 'sending')",
  );
  return rows[0]?.count ?? 0;
}
