import { describe, expect, it } from "vitest";
import type { MessageHandle } from "../../playground/slack/index.ts";
import { until } from "../support/until.ts";
import { askForMigration } from "./ask-for-migration.ts";
import { type Stage, withStage } from "./stage.ts";

/** Something a person does that cannot be done, and the sentence that answers where the person is. */
interface Case {
  readonly name: string;
  /** Does it, and gives back what the person then reads. */
  readonly act: (stage: Stage, root: MessageHandle) => Promise<string>;
  readonly answer: RegExp;
}

const ephemeralOf = async (stage: Stage, who: string, text: string, answer: RegExp): Promise<string> => {
  const person = stage.slack.user(who);
  const reply = await person.command(text, { channel: "#databases" });
  if (reply.text) return reply.text;
  return (await person.waitForEphemeral(answer)).text();
};

const modalOf = async (stage: Stage, who: string, text: string, answer: RegExp): Promise<string> => {
  const person = stage.slack.user(who);
  await person.command(text, { channel: "#databases" });
  const modal = await person.waitForModal(answer);
  const read = modal.text();
  await modal.close();
  return read;
};

const pressed = async (stage: Stage, who: string, root: MessageHandle, button: string, answer: RegExp) => {
  const person = stage.slack.user(who);
  await person.click(root, button, { confirm: true });
  return (await person.waitForEphemeral(answer)).text();
};

const BEFORE: readonly Case[] = [
  {
    name: "an unknown subcommand",
    act: (stage) => ephemeralOf(stage, "alice", "/db explode", /explode/),
    answer: /explode[\s\S]*migrate/,
  },
  {
    name: "an unknown add-on",
    act: (stage) => modalOf(stage, "alice", "/db migrate nothing", /no add-on called/),
    answer: /There is no add-on called “nothing”\.[\s\S]*\/db list/,
  },
  {
    name: "a cancel that names nothing",
    act: (stage) => ephemeralOf(stage, "alice", "/db cancel", /which database/),
    answer: /Say which database you mean\./,
  },
  {
    name: "a retry of what has not failed",
    act: (stage) => ephemeralOf(stage, "alice", "/db retry orders", /no failed migration/),
    answer: /orders has no failed migration\./,
  },
  {
    name: "a guest who asks for the form",
    act: async (stage) => {
      stage.slack.channel("#databases").raw.members.push(stage.slack.user("gina").id);
      return modalOf(stage, "gina", "/db migrate orders", /Guest accounts/);
    },
    answer: /Guest accounts cannot migrate databases\./,
  },
  {
    name: "a person of another workspace",
    act: async (stage) => {
      stage.slack.channel("#databases").raw.members.push(stage.slack.user("eve").id);
      return modalOf(stage, "eve", "/db migrate orders", /other workspaces/);
    },
    answer: /People of other workspaces cannot migrate databases here\./,
  },
  {
    name: "a confirm by a guest",
    act: (stage, root) => pressed(stage, "gina", root, "Migrate the database", /Guest accounts/),
    answer: /Guest accounts cannot migrate databases\./,
  },
];

const AFTER: readonly Case[] = [
  {
    name: "a second migration of the same add-on",
    act: (stage) => modalOf(stage, "bob", "/db migrate orders", /being migrated already/),
    answer: /orders is being migrated already: mig_\w+, started by (alice|bob)/,
  },
  {
    name: "a button of a message that another confirmation has overtaken",
    act: (stage, root) => pressed(stage, "bob", root, "Migrate the database", /being migrated already/),
    answer: /orders is being migrated already/,
  },
];

describe("bad input in Slack", () => {
  it("gets a clear sentence where the person is, starts nothing and loses nothing", async () => {
    await withStage("PostgreSQL", async (stage) => {
      await stage.startGodwit({ roles: "bot" });
      const [first, second] = [await askForMigration(stage), await askForMigration(stage)];

      for (const { name, act, answer } of BEFORE) expect(await act(stage, first), name).toMatch(answer);
      expect(await states(stage)).toEqual(["awaiting_confirmation", "awaiting_confirmation"]);

      await confirmTwice(stage, first);
      for (const { name, act, answer } of AFTER) expect(await act(stage, second), name).toMatch(answer);
      expect((await states(stage)).sort()).toEqual(["awaiting_confirmation", "queued"]);
      expect(stage.slack.violations).toEqual([]);
    });
  }, 240_000);
});

/** Both press at once: one migration starts, and the other person is told who was first. */
async function confirmTwice({ slack, store }: Stage, root: MessageHandle): Promise<void> {
  const people = ["alice", "bob"].map((name) => slack.user(name));
  await Promise.all(people.map((person) => person.click(root, "Migrate the database", { confirm: true })));
  const live = await until(() => store.liveMigration("addon_orders"), { what: "a confirmation" });
  const late = people.find(({ id }) => id !== live.confirmedBy?.id);
  expect((await late?.waitForEphemeral(/already/))?.text()).toMatch(
    /has confirmed this migration of orders already\./,
  );
}

async function states({ store }: Stage): Promise<string[]> {
  return (await store.migrations({})).map(({ state }) => state);
}
