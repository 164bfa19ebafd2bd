import { describe, expect, it } from "vitest";
import { startMigration, untilState } from "./ask-for-migration.ts";
import type { ChatMessage, ChatThread } from "./platform/chat-driver.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";
import type { GodwitProcess } from "./start-godwit.ts";

const LONG = { timeoutMs: 60_000 };

describe.each(PAIRS)("support, called in %s, queue on %s", (platform, backend) => {
  it("is paged once with the facts, says who looks, and the migration is tried again or marked as solved", async () => {
    await withStage({ platform, backend }, async (stage) => {
      const godwit = await stage.startGodwit();
      await tryAgain(stage, godwit);
      await markAsSolved(stage, godwit);
      expect(stage.chat.errors).toEqual([]);
    });
  }, 240_000);
});

/** Before the pivot: everything was taken back, and the same migration begins anew in the same thread. */
async function tryAgain(stage: Stage, godwit: GodwitProcess): Promise<void> {
  const { chat } = stage;
  const { thread, page } = await fail(stage, godwit, { step: "verify", button: "Try again" });
  const { id } = await stage.migration();
  const [called] = chat.supportPages();
  for (const fact of ["addon_orders", id, "forced-failure", "step 6 of 9"]) expect(called).toContain(fact);
  await thread.waitFor(/For support: what is known of mig_\w+ \(orders\)/);

  await chat.person("sam").presses(page, "Acknowledge");
  await thread.waitFor(/sam\b.* looks at mig_\w+ \(orders\)\./i);
  await chat.person("alice").presses(page, "Try again", { isSure: false });
  expect((await stage.migration()).id).toBe(id);
  await pressByTwo(stage, page, "Try again");
  await chat.trouble.repeatsLastPress();
  await thread.waitFor(/(alice|bob)\b.* tries the migration of orders again/i);
  await thread.waitFor(/orders is migrated/, LONG);
  await untilState(stage, "succeeded");

  expect(await stage.migration()).toMatchObject({ retryOf: id });
  expect(page.buttons()).toEqual([]);
  expect(count(thread, /tries the migration of orders again/)).toBe(1);
  expect(count(thread, /orders is migrated/)).toBe(1);
  expect(chat.supportPages()).toHaveLength(1);
}

/** After the pivot: somebody puts things in order by hand, and the add-on can be migrated again. */
async function markAsSolved(stage: Stage, godwit: GodwitProcess): Promise<void> {
  const { chat } = stage;
  const { thread, page } = await fail(stage, godwit, { step: "finish", button: "Mark as solved" });
  expect(page.text()).toMatch(/A retry does again: Tidy up\./);
  expect(await chat.person("bob").asks("/db migrate orders", /waits for support/)).toMatch(
    /orders is being migrated already: mig_\w+, started by alice.*, waits for support\./i,
  );
  await chat.person("sam").givesReason(page, "Mark as solved", "Dropped <@U1> the old *one* by hand");
  await thread.waitFor(
    /sam\b.* marked mig_\w+ as solved: “Dropped .* the old \*one\* by hand” orders is unlocked/i,
  );
  expect(page.buttons()).toEqual([]);
  expect(await chat.person("bob").asks("/db history orders", /marked as solved/)).toMatch(
    /marked as solved by sam.* \(“Dropped .* by hand”\)/i,
  );
  expect(await stage.store.liveMigration("addon_orders")).toBeUndefined();
  expect(chat.supportPages()).toHaveLength(2);
}

interface Wish {
  readonly step: string;
  /** A button of the page that support acts on. */
  readonly button: string;
}

async function fail(
  stage: Stage,
  godwit: GodwitProcess,
  { step, button }: Wish,
): Promise<{ readonly thread: ChatThread; readonly page: ChatMessage }> {
  godwit.order({ failAt: step });
  const thread = await startMigration(stage.chat);
  const page = await thread.waitFor((message) => message.buttons().includes(button), LONG);
  godwit.order({ failAt: null });
  return { thread, page };
}

/** Two people at once: one press counts. */
async function pressByTwo({ chat }: Stage, message: ChatMessage, button: string): Promise<void> {
  const people = (["alice", "bob"] as const).map((name) => chat.person(name));
  await Promise.all(people.map((person) => person.presses(message, button)));
}

function count(thread: ChatThread, words: RegExp): number {
  return thread.messages().filter((message) => words.test(message.text())).length;
}
