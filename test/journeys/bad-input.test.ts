import { describe, expect, it } from "vitest";
import { askForMigration } from "./ask-for-migration.ts";
import type { ChatDriver, ChatMessage, PersonName } from "./platform/chat-driver.ts";
import { PLATFORMS, type Stage, withStage } from "./stage.ts";

/** Something a person does that cannot be done, and the sentence that answers where the person is. */
interface Case {
  readonly name: string;
  /** Does it, and gives back what the person then reads. */
  readonly act: (chat: ChatDriver, answer: RegExp, root: ChatMessage) => Promise<string>;
  readonly answer: RegExp;
  /** What the person reads where the client itself refuses such a command. */
  readonly clientAnswer?: RegExp;
}

const asked = (who: PersonName, command: string) => (chat: ChatDriver, answer: RegExp) =>
  chat.person(who).asks(command, answer);

const pressed =
  (who: PersonName, button: string) => async (chat: ChatDriver, answer: RegExp, root: ChatMessage) => {
    await chat.person(who).presses(root, button);
    return chat.person(who).isTold(answer);
  };

const BEFORE: readonly Case[] = [
  {
    name: "an unknown subcommand",
    act: asked("alice", "/db explode"),
    answer: /explode[\s\S]*migrate/,
  },
  {
    name: "an unknown add-on",
    act: asked("alice", "/db migrate nothing"),
    answer: /There is no add-on called “nothing”\.[\s\S]*\/db list/,
  },
  {
    name: "a plan that is not offered",
    act: asked("alice", "/db migrate orders pg-xxl"),
    answer: /There is no plan “pg-xxl” for this add-on\.[\s\S]*pg-s, pg-m, pg-l/,
  },
  {
    name: "an older version",
    act: asked("alice", "/db migrate orders pg-s 9"),
    answer: /There is no version “9” for this add-on\./,
  },
  {
    name: "a cancel that names nothing",
    act: asked("alice", "/db cancel"),
    answer: /Say which database you mean\./,
    clientAnswer: /addon/,
  },
  {
    name: "a retry of what has not failed",
    act: asked("alice", "/db retry orders"),
    answer: /orders has no failed migration\./,
  },
  {
    name: "a guest who asks for the form",
    act: asked("gina", "/db migrate orders"),
    answer: /Guest accounts cannot migrate databases\./,
  },
  {
    name: "a confirm by a guest",
    act: pressed("gina", "Migrate the database"),
    answer: /Guest accounts cannot migrate databases\./,
  },
  {
    name: "a cancel by a guest",
    act: pressed("gina", "Cancel"),
    answer: /Guest accounts cannot migrate databases\./,
  },
];

const AFTER: readonly Case[] = [
  {
    name: "a second migration of the same add-on",
    act: asked("bob", "/db migrate orders"),
    answer: /orders is being migrated already: mig_\w+, started by (alice|bob)/i,
  },
  {
    name: "a button of a message that another confirmation has overtaken",
    act: pressed("bob", "Migrate the database"),
    answer: /orders is being migrated already/,
  },
];

describe.each(PLATFORMS)("bad input in %s", (platform) => {
  it("gets a clear sentence where the person is, starts nothing and loses nothing", async () => {
    await withStage({ platform }, async (stage) => {
      const { chat } = stage;
      await stage.startGodwit({ roles: "bot" });
      const [first, second] = [await askForMigration(chat), await askForMigration(chat)];

      await expectAnswers(BEFORE, chat, first);
      expect(await states(stage)).toEqual(["awaiting_confirmation", "awaiting_confirmation"]);

      await chat.person("alice").presses(first, "Migrate the database");
      await first.waitFor(/Confirmed by/);
      await expectAnswers(AFTER, chat, second);
      expect((await states(stage)).sort()).toEqual(["awaiting_confirmation", "queued"]);
      expect(chat.errors).toEqual([]);
    });
  }, 240_000);
});

async function expectAnswers(cases: readonly Case[], chat: ChatDriver, root: ChatMessage): Promise<void> {
  for (const { name, act, answer, clientAnswer } of cases) {
    const expected = chat.checksCommands ? (clientAnswer ?? answer) : answer;
    expect(await act(chat, expected, root), name).toMatch(expected);
  }
}

async function states({ store }: Stage): Promise<string[]> {
  return (await store.migrations({})).map(({ state }) => state);
}
