import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { startMigration, untilState } from "./ask-for-migration.ts";
import type { Attempt, ChatDriver, Interruption } from "./platform/chat-driver.ts";
import { withStage } from "./stage.ts";
import type { GodwitProcess } from "./start-godwit.ts";
import { STEPS } from "./steps.ts";

/** Slack takes its time to connect anew, so it is interrupted less often. */
const TIMES = [
  ["Slack", "PostgreSQL", 6],
  ["Discord", "Redis", 20],
] as const;
/** A command that is not answered takes its three seconds. */
const BUSY_EVERY = 4;
const ANSWER = /Status/;

describe.each(TIMES)("a connection in %s, queue on %s, interrupted %i times", (platform, backend, times) => {
  it("loses and doubles no message and no command of a migration", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const { chat } = stage;
      const worker = await stage.startGodwit({ roles: "worker", environment: { HOLD_AT: STEPS[0] } });
      await stage.startGodwit({ roles: "bot" });
      const thread = await startMigration(chat);

      const plan = inAnyOrder(chat.connection.interruptions, times);
      const attempts: Attempt[] = [];
      const seenBefore = answersSeen(chat);
      for (const [index, interruption] of plan.entries()) {
        if (index % 2 === 0) await goOn(worker, index / 2);
        attempts.push(...(await strike(chat, interruption, index % BUSY_EVERY === 0)));
      }
      worker.order({ holdAt: null });
      await thread.waitFor(/orders is migrated/, { timeoutMs: 90_000 });
      await untilState(stage, "succeeded");

      const order = plan.map(({ name }) => name).join(", ");
      expectEachAnsweredOnce(answersSeen(chat) - seenBefore, attempts, order);
      expect(chat.supportPages()).toEqual([]);
    });
  }, 400_000);
});

/** Each kind of interruption about as often, in an order that is new in every run. */
function inAnyOrder(kinds: readonly Interruption[], times: number): Interruption[] {
  const all = Array.from({ length: times }, (_, index) => kinds[index % kinds.length]);
  return all
    .flatMap((kind) => (kind ? [{ kind, at: Math.random() }] : []))
    .sort((one, other) => one.at - other.at)
    .map(({ kind }) => kind);
}

/** Lets the migration go on by one step, so that the interruptions are spread over all of it. */
async function goOn(worker: GodwitProcess, turn: number): Promise<void> {
  const [held, next] = [STEPS[turn], STEPS[turn + 1]];
  if (held === undefined) return;
  await worker.holding(held);
  worker.order({ holdAt: next ?? null });
}

/**
 * Interrupts, now and then while people type a command; resolves when there is a new connection, over which a command
 * is answered.
 */
async function strike(chat: ChatDriver, interruption: Interruption, isBusy: boolean): Promise<Attempt[]> {
  const { connection } = chat;
  const before = connection.made();
  const early = isBusy ? [chat.person("alice").tries("/db status")] : [];
  interruption.strike();
  const late = isBusy ? [chat.person("bob").tries("/db status")] : [];
  const attempts = await Promise.all([...early, ...late]);
  await until(() => connection.made() > before && connection.isUp(), {
    what: `a new connection after: ${interruption.name}`,
    timeoutMs: 30_000,
  });
  const calm = await chat.person("sam").tries("/db status");
  expect(calm.kind, `after: ${interruption.name}`).toBe("answered");
  return [...attempts, calm];
}

/** Who saw no error has an answer, and nobody has two. An answer may come behind an error that was shown too early. */
function expectEachAnsweredOnce(shown: number, attempts: readonly Attempt[], order: string): void {
  expect(shown, order).toBeGreaterThanOrEqual(attempts.filter(({ kind }) => kind === "answered").length);
  expect(shown, order).toBeLessThanOrEqual(attempts.length);
}

/** Answers to `/db status`; the one to the form may come as late as these. */
function answersSeen(chat: ChatDriver): number {
  return (["alice", "bob", "sam"] as const)
    .flatMap((name) => chat.person(name).answers())
    .filter((text) => ANSWER.test(text)).length;
}
