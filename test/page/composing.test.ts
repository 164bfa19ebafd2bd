import { describe, expect, test } from "vitest";
import { commandHint, suggestFor } from "../../playground/page/client/slack/channel/suggest-text.ts";
import { elementKey } from "../../playground/page/client/slack/elements/element-key.ts";
import { makeDirectory } from "../../playground/page/client/slack/store/make-directory.ts";
import { encodeMessage } from "../../playground/page/client/slack/text/encode-message.ts";
import { defaultCommandHints } from "../../playground/page/page-settings.ts";
import type { Block } from "../../playground/slack/index.ts";
import { World } from "../../playground/slack/world.ts";

const { directory: people } = new World({});
const directory = makeDirectory(
  {
    users: [...people.users.values()],
    groups: [...people.groups.values()],
    channels: [...people.channels.values()],
    botUserId: "U0GODWIT",
  },
  "U0ALICE",
);
const source = { commands: defaultCommandHints, directory };

describe("the composer offers", () => {
  const titles = (typed: string) => suggestFor(typed, source)?.items.map(({ title }) => title);

  test("every command after a slash, fewer with each letter, none once one is typed", () => {
    expect(titles("/")).toHaveLength(defaultCommandHints.length);
    expect(titles("/db mi")).toEqual(["/db migrate [add-on]"]);
    expect(titles("/db migrate")).toBeUndefined();
    expect(titles("a / b")).toBeUndefined();
  });

  test("a command that takes an argument with a blank behind it", () => {
    expect(suggestFor("/db mi", source)?.items[0]?.completed).toBe("/db migrate ");
    expect(suggestFor("/db li", source)?.items[0]?.completed).toBe("/db list");
    expect(commandHint("/db migrate ord", defaultCommandHints)?.usage).toBe("/db migrate [add-on]");
  });

  test("people and groups after an at sign", () => {
    expect(titles("hi @sup")).toEqual(["@sam", "@support"]);
    expect(suggestFor("hi @bo", source)?.items[0]?.completed).toBe("hi @bob ");
    expect(titles("mail@bo")).toBeUndefined();
  });
});

test("what is typed is escaped, and names become mentions", () => {
  const typed = "@sam, @support. <!here> & a@bob @nobody @here";
  expect(encodeMessage(typed, directory)).toBe(
    "<@U0SAM>, <!subteam^S0SUPPORT>. &lt;!here&gt; &amp; a@bob @nobody <!here>",
  );
});

describe("an element is named", () => {
  const button = (action_id: string, text: string) => ({
    type: "button" as const,
    action_id,
    text: { type: "plain_text" as const, text },
  });
  const actions = (block_id: string, ...elements: ReturnType<typeof button>[]): Block => ({
    type: "actions",
    block_id,
    elements,
  });
  const blocks = [
    actions("one", button("go", "Go"), button("stop", "Stop it")),
    actions("two", button("stop", "Stop")),
  ];

  test("by its action_id, and by its words where two share one", () => {
    expect(elementKey(blocks, { blockId: "one", actionId: "go" }, "Go")).toBe("go");
    expect(elementKey(blocks, { blockId: "one", actionId: "stop" }, "Stop it")).toBe("Stop it");
    expect(elementKey(blocks, { blockId: "two", actionId: "stop" }, "Stop")).toBe("Stop");
  });
});
