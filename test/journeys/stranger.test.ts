import { describe, expect, it } from "vitest";
import { askForMigration } from "./ask-for-migration.ts";
import type { ChatDriver, ChatMessage, PersonName } from "./platform/chat-driver.ts";
import { PLATFORMS, withStage } from "./stage.ts";

const COMMANDS = [
  "/db migrate orders",
  "/db list",
  "/db status",
  "/db history",
  "/db history orders",
  "/db cancel orders",
  "/db retry orders",
];
/** What nobody without the right may learn. */
const SECRET = /\bpg-s\b|addon_orders|PostgreSQL|Shop|mig_/;

describe.each(PLATFORMS)("a stranger in %s", (platform) => {
  it("is refused by every command, search and button, learns nothing, and changes nothing", async () => {
    await withStage({ platform, dbaOnly: true }, async (stage) => {
      const { chat, store } = stage;
      await stage.startGodwit({ roles: "bot" });
      const root = await askForMigration(chat);
      const asOthersSeeIt = root.text();

      for (const [who, refusal] of strangersOf(chat)) await expectShutOut(chat, who, { refusal, root });

      expect(root.text()).toBe(asOthersSeeIt);
      expect(await store.migrations({})).toMatchObject([{ state: "awaiting_confirmation" }]);
      expect(await chat.person("bob").suggestions("ord")).toEqual([expect.stringContaining("orders")]);
      expect(await chat.person("bob").everySuggestion("ord")).not.toEqual([]);
      expect(chat.errors).toEqual([]);
    });
  }, 240_000);
});

/** A guest, a person of elsewhere, and a full member whom the policy does not name. */
function strangersOf(chat: ChatDriver): [PersonName, RegExp][] {
  return [
    ["gina", /Guest accounts cannot migrate databases\./],
    ["eve", chat.answersEve],
    ["sam", /You are not among the people who may migrate databases\./],
  ];
}

async function expectShutOut(
  chat: ChatDriver,
  who: PersonName,
  { refusal, root }: { readonly refusal: RegExp; readonly root: ChatMessage },
): Promise<void> {
  const person = chat.person(who);
  for (const command of COMMANDS) expect(await person.asks(command, refusal), command).not.toMatch(SECRET);
  for (const typed of ["", "ord", "addon_orders"]) expect(await person.everySuggestion(typed)).toEqual([]);
  for (const button of ["Migrate the database", "Cancel"]) {
    await person.presses(root, button);
    expect(await person.isTold(refusal), button).not.toMatch(SECRET);
  }
}
