import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../playground/discord/index.ts";
import { takeSnapshot } from "../../playground/discord/snapshot.ts";
import { World } from "../../playground/discord/world.ts";
import {
  beginCommand,
  commandValues,
  enterText,
  goTo,
  missingOptions,
  shownOptions,
  startedCommand,
  takeChoice,
} from "../../playground/page/client/discord/commands/command-draft.ts";
import {
  type CommandEntry,
  commandEntries,
  suggestCommands,
} from "../../playground/page/client/discord/commands/command-entries.ts";

const alice = "200000000000000001";
const admin = "200000000000000004";
const option = (name: string, required: boolean) => ({ type: 3, name, description: name, required });

function snapshotWith(commands: readonly object[]): Snapshot {
  const registered = commands.map((command, index) => ({
    id: `${index}`,
    version: "1",
    guildId: null,
    type: 1,
    description: "",
    options: [],
    defaultMemberPermissions: null,
    contexts: null,
    raw: {},
    ...command,
  }));
  return { ...takeSnapshot(new World({})), commands: registered as unknown as Snapshot["commands"] };
}

const db = {
  name: "db",
  options: [
    {
      type: 1,
      name: "migrate",
      description: "Moves",
      options: [option("addon", true), option("plan", false)],
    },
    { type: 1, name: "list", description: "Lists" },
    { type: 2, name: "report", description: "", options: [{ type: 1, name: "send", description: "Sends" }] },
  ],
};

describe("what is offered after a slash", () => {
  const entries = commandEntries(snapshotWith([db]), alice);

  test("subcommands, also those in groups, fewer with each letter of any word", () => {
    const titles = (typed: string) => suggestCommands(typed, entries)?.items.map(({ title }) => title);
    expect(titles("/")).toEqual(["/db migrate", "/db list", "/db report send"]);
    expect(titles("/mig")).toEqual(["/db migrate"]);
    expect(titles("/db l")).toEqual(["/db list"]);
    expect(titles("a /")).toBeUndefined();
  });

  test("commands of administrators to them alone, and a guild's own instead of a global one", () => {
    const snapshot = snapshotWith([
      { name: "audit", defaultMemberPermissions: "0" },
      { name: "audit", guildId: "300000000000000001", defaultMemberPermissions: "0", description: "ours" },
    ]);
    expect(commandEntries(snapshot, alice)).toEqual([]);
    expect(commandEntries(snapshot, admin).map(({ description }) => description)).toEqual(["ours"]);
  });
});

describe("a command that is being filled in", () => {
  const migrate: CommandEntry = {
    name: "db migrate",
    description: "",
    options: [option("addon", true), option("plan", false)],
  };

  test("begins when its name is typed in full, and what follows goes into its first option", () => {
    expect(startedCommand("/db migrate", [migrate])).toBeUndefined();
    const draft = startedCommand("/db migrate orders", [migrate]);
    expect(draft && commandValues(draft)).toEqual({ addon: "orders" });
  });

  test("sends the value of a choice, and goes on behind the last required option", () => {
    const draft = takeChoice(beginCommand(migrate), "addon", { text: "orders · 15", value: "addon_orders" });
    expect(draft.active).toBeNull();
    expect(commandValues(draft)).toEqual({ addon: "addon_orders" });
    expect(commandValues(enterText(draft, "addon", " users "))).toEqual({ addon: "users" });
  });

  test("shows what is required and what is begun; what is left blank goes", () => {
    const begun = goTo(beginCommand(migrate), "plan");
    expect(shownOptions(begun).map(({ name }) => name)).toEqual(["addon", "plan"]);
    expect(shownOptions(goTo(begun, null)).map(({ name }) => name)).toEqual(["addon"]);
    expect(missingOptions(begun).map(({ name }) => name)).toEqual(["addon"]);
  });
});
