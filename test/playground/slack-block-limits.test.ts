import { WebAPIPlatformError, WebClient } from "@slack/web-api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import {
  actions,
  mrkdwn,
  option,
  options,
  plain,
  rich,
  section,
  select,
  task,
  times,
} from "./slack-block-makers.ts";
import { refusedBlocks } from "./slack-refused-blocks.ts";

const accepted: [string, object[]][] = [
  ["a section of 3,000 characters", [section(times(3000))]],
  ["3,000 characters outside the basic plane", [section(times(3000, "🐦"))]],
  ["ten fields", [{ type: "section", fields: Array.from({ length: 10 }, () => mrkdwn(times(200))) }]],
  ["fifty blocks", Array.from({ length: 50 }, () => ({ type: "divider" }))],
  [
    "a plan with tasks",
    [{ type: "plan", title: "Steps", tasks: [task({ details: rich({ type: "text", text: "a" }) })] }],
  ],
  [
    "a table",
    [{ type: "table", rows: [[{ type: "raw_text", text: "a" }, rich({ type: "text", text: "b" })]] }],
  ],
  ["a hundred options", [actions(select({ options: options(100) }))]],
  [
    "an initial option that is offered",
    [actions(select({ options: options(2), initial_option: option("v1") }))],
  ],
  [
    "rich text with every element",
    [
      rich(
        { type: "text", text: "a", style: { bold: true } },
        { type: "link", url: "https://example.com" },
        { type: "user", user_id: "U1" },
        { type: "usergroup", usergroup_id: "S1" },
        { type: "emoji", name: "bird" },
        { type: "date", timestamp: 1_700_000_000, format: "{date}", fallback: "then" },
      ),
    ],
  ],
];

const modal = (change: object) => ({ type: "modal", title: plain("Form"), blocks: [], ...change });
const input = { type: "input", label: plain("l"), element: { type: "plain_text_input" } };

const refusedViews: [string, string, object][] = [
  ["a title of 25 characters", "/view/title/text", modal({ title: plain(times(25)) })],
  ["a submit label of 25 characters", "/view/submit/text", modal({ submit: plain(times(25)) })],
  ["a close label of 25 characters", "/view/close/text", modal({ close: plain(times(25)) })],
  [
    "private_metadata of 3,001 characters",
    "/view/private_metadata",
    modal({ private_metadata: times(3001) }),
  ],
  ["a callback_id of 256 characters", "/view/callback_id", modal({ callback_id: times(256) })],
  ["101 blocks", "/view/blocks", modal({ blocks: Array.from({ length: 101 }, () => ({ type: "divider" })) })],
  ["inputs without a submit label", "/view/submit", modal({ blocks: [input] })],
  ["a plan in a modal", "/view/blocks/0/type", modal({ blocks: [{ type: "plan", title: "p" }] })],
  ["an unknown key", "/view", modal({ colour: "red" })],
  [
    "two focused inputs",
    "/view/blocks",
    modal({
      submit: plain("s"),
      blocks: [1, 2].map(() => ({ ...input, element: { type: "plain_text_input", focus_on_load: true } })),
    }),
  ],
];

describe("Block Kit's limits", () => {
  let slack: LocalSlack;
  let client: WebClient;

  beforeAll(async () => {
    slack = await startLocalSlack();
    const logger = {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      getLevel: () => "error",
      setName() {},
    };
    client = new WebClient(slack.botToken, {
      slackApiUrl: slack.url,
      retryConfig: { retries: 0 },
      logger: logger as never,
    });
  });

  beforeEach(() => {
    slack.world.violations.length = 0;
  });

  afterAll(() => slack.close());

  async function failure(call: Promise<unknown>) {
    const error: unknown = await call.catch((error: unknown) => error);
    if (!(error instanceof WebAPIPlatformError)) throw new Error("the call was not refused");
    return { error: error.data.error, pointers: pointersIn(error.data.response_metadata?.messages ?? []) };
  }

  function pointersIn(messages: readonly string[]): string[] {
    return messages.map((message) => /^\[ERROR\] .+ \[json-pointer:(.*)\]$/.exec(message)?.[1] ?? message);
  }

  test.each(accepted)("accept %s", async (_, blocks) => {
    const posted = client.apiCall("chat.postMessage", { channel: "C0DATABASES", text: "x", blocks });
    await expect(posted).resolves.toMatchObject({ ok: true });
    expect(slack.violations).toEqual([]);
  });

  test.each(refusedBlocks)("refuse %s", async (_, pointer, blocks) => {
    const posted = client.apiCall("chat.postMessage", { channel: "C0DATABASES", text: "x", blocks });
    expect(await failure(posted)).toEqual({ error: "invalid_blocks", pointers: [pointer] });
    expect(slack.violations).toMatchObject([{ where: "chat.postMessage", error: "invalid_blocks" }]);
  });

  test.each(refusedViews)("refuse a view with %s", async (_, pointer, view) => {
    const trigger_id = slack.world.triggers.issue("U0ALICE");
    const opened = client.apiCall("views.open", { trigger_id, view });
    expect(await failure(opened)).toEqual({ error: "invalid_arguments", pointers: [pointer] });
    expect(slack.violations).toMatchObject([{ where: "views.open" }]);
  });

  test("refuse a view over 250 kB", async () => {
    const trigger_id = slack.world.triggers.issue("U0ALICE");
    const view = modal({ blocks: Array.from({ length: 100 }, () => section(times(2600))) });
    expect(await failure(client.apiCall("views.open", { trigger_id, view }))).toMatchObject({
      error: "view_too_large",
    });
  });

  test("refuse a message whose blocks hold more than about 13,000 characters", async () => {
    const blocks = Array.from({ length: 5 }, () => section(times(2900)));
    const posted = client.apiCall("chat.postMessage", { channel: "C0DATABASES", text: "x", blocks });
    expect(await failure(posted)).toMatchObject({ error: "msg_blocks_too_long" });
  });

  test("name the limit in words", async () => {
    const blocks = [{ type: "header", text: plain(times(151)) }];
    await failure(client.apiCall("chat.postMessage", { channel: "C0DATABASES", text: "x", blocks }));
    expect(slack.violations[0]?.messages).toEqual([
      "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ]);
  });

  test("refuse arguments the method does not have", async () => {
    const posted = client.apiCall("chat.postMessage", { channel: "C0DATABASES", text: "x", colour: "red" });
    expect(await failure(posted)).toMatchObject({ error: "invalid_arguments" });
  });
});
