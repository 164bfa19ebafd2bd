import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalSlack, renderText, type Snapshot, startLocalSlack } from "../../playground/slack/index.ts";
import { post, type RunningApp, startSocketApp } from "./slack-sample-app.ts";

const databases = "C0DATABASES";
const plain = (text: string) => ({ type: "plain_text" as const, text });

describe("what a page sees and does", () => {
  let slack: LocalSlack;
  let running: RunningApp;
  const chosen: string[] = [];

  beforeEach(async () => {
    chosen.length = 0;
    slack = await startLocalSlack();
    running = await startSocketApp(slack, (app) => {
      app.command("/db", async ({ ack, body, client }) => {
        await ack();
        const element = {
          type: "external_select" as const,
          action_id: "addon",
          min_query_length: 0,
        };
        const input = { type: "input" as const, block_id: "addon", label: plain("Add-on"), element };
        const reason = {
          type: "input" as const,
          block_id: "reason",
          label: plain("Reason"),
          element: { type: "plain_text_input" as const, action_id: "reason" },
        };
        const view = {
          type: "modal" as const,
          callback_id: "f",
          title: plain("Form"),
          submit: plain("Send"),
        };
        await client.views.open({ trigger_id: body.trigger_id, view: { ...view, blocks: [input, reason] } });
      });
      app.options("addon", ({ ack }) => ack({ options: [{ text: plain("orders"), value: "addon_orders" }] }));
      app.view("f", async ({ ack, view, client }) => {
        chosen.push(view.state.values.addon?.addon?.selected_option?.value ?? "");
        await ack();
        const elements = [{ type: "button" as const, action_id: "go", text: plain("Go") }];
        await post(client, { channel: databases, text: "Ready", blocks: [{ type: "actions", elements }] });
      });
      app.action("go", async ({ ack }) => {
        chosen.push("go");
        await ack();
      });
    });
  });

  afterEach(async () => {
    await running.stop();
    await slack.close();
  });

  test("acts by ids and hears every change", async () => {
    const kinds: string[] = [];
    const unsubscribe = slack.subscribe(({ kind }) => kinds.push(kind));
    const user = "U0ALICE";
    await slack.act({ type: "command", user, channel: databases, text: "/db migrate" });
    const { id: view } = await slack.user("alice").waitForModal();
    expect(await slack.act({ type: "suggest", user, view, element: "addon", text: "ord" })).toMatchObject([
      { value: "addon_orders" },
    ]);
    await slack.act({ type: "choose", user, view, element: "addon", value: "addon_orders" });
    await slack.act({ type: "type", user, view, element: "reason", value: "growth" });
    expect(await slack.act({ type: "submit", user, view })).toEqual({ kind: "closed" });
    const { ts } = await slack.channel("#databases").waitFor("[Go]");
    await slack.act({ type: "click", user, channel: databases, message: ts, button: "go" });
    expect(chosen).toEqual(["addon_orders", "go"]);
    unsubscribe();
    await slack.act({ type: "say", user, channel: databases, text: "thanks" });
    expect(kinds.filter((kind) => kind !== "api-call")).toEqual([
      "view-opened",
      "view-updated",
      "view-updated",
      "view-closed",
      "message-posted",
    ]);
  });

  test("nobody acts in another person's modal", async () => {
    await slack.user("alice").command("/db");
    const { id: view } = await slack.user("alice").waitForModal();
    await expect(slack.act({ type: "close", user: "U0BOB", view })).rejects.toThrow("has no open view");
  });

  test("the snapshot is a copy that survives JSON", async () => {
    await slack.user("alice").command("/db");
    await slack.user("alice").waitForModal();
    slack.user("bob").say("hello <@U0ALICE>", { channel: "#databases" });
    const snapshot = slack.snapshot();
    slack.user("bob").say("later", { channel: "#databases" });
    slack.channel("#databases").archive();
    expect(JSON.parse(JSON.stringify(snapshot)) as Snapshot).toEqual(snapshot);
    expect(snapshot.messages.map(({ text }) => text)).toEqual(["hello <@U0ALICE>"]);
    expect(snapshot.modals.U0ALICE).toMatchObject([{ wire: { title: { text: "Form" } } }]);
    expect(snapshot.notifications).toMatchObject([{ userId: "U0ALICE" }]);
    expect(snapshot.connections).toBe(1);
    expect(snapshot.channels).toMatchObject([{ id: databases, isArchived: false }]);
  });

  test("messages read as plain text with names resolved", async () => {
    const text =
      "Hi <@U0ALICE>, <!subteam^S0SUPPORT>: a &lt; b, <https://x.example|docs>, <!date^1^{date}|1970>";
    await post(running.app.client, { channel: databases, text });
    const message = await slack.channel("#databases").waitFor(/Hi/);
    expect(message.text()).toBe("Hi @alice, @support: a < b, docs (https://x.example), 1970");
  });
});

describe("renderText", () => {
  const rich = (text: string) => ({
    type: "rich_text" as const,
    elements: [{ type: "rich_text_section" as const, elements: [{ type: "text" as const, text }] }],
  });

  test("draws headers, fields, context, buttons and dividers", () => {
    const drawn = renderText([
      { type: "header", text: plain("Migrate orders") },
      { type: "section", fields: [{ type: "mrkdwn", text: "*Plan* S" }, plain("PostgreSQL 15")] },
      { type: "divider" },
      { type: "context", elements: [plain("42 GiB"), { type: "mrkdwn", text: "in <#C1>" }] },
      {
        type: "actions",
        elements: [
          { type: "button", text: plain("Go") },
          { type: "button", text: plain("Stop") },
        ],
      },
    ]);
    expect(drawn).toBe("Migrate orders\n*Plan* S\nPostgreSQL 15\n---\n42 GiB in #C1\n[Go] [Stop]");
  });

  test("says the state of each task in words", () => {
    const task = { type: "task_card" as const, task_id: "t" };
    const drawn = renderText([
      {
        type: "plan",
        title: "Steps",
        tasks: [
          { ...task, title: "Check", status: "complete", output: rich("fine") },
          { ...task, title: "Copy", status: "in_progress" },
          { ...task, title: "Verify", status: "pending" },
          { ...task, title: "Switch", status: "error" },
        ],
      },
    ]);
    expect(drawn).toBe(
      "Steps\n  [done] Check\n    fine\n  [in progress] Copy\n  [pending] Verify\n  [failed] Switch",
    );
  });

  test("draws lists, quotes, tables and alerts", () => {
    const item = (text: string) => ({
      type: "rich_text_section" as const,
      elements: [{ type: "text" as const, text }],
    });
    const drawn = renderText([
      {
        type: "rich_text",
        elements: [
          { type: "rich_text_list", style: "bullet", elements: [item("a"), item("b")] },
          { type: "rich_text_list", style: "ordered", indent: 1, elements: [item("c")] },
          { type: "rich_text_quote", elements: [{ type: "text", text: "d" }] },
        ],
      },
      { type: "table", rows: [[{ type: "raw_text", text: "was" }, rich("is")]] },
      { type: "alert", level: "warning", text: plain("Read-only") },
    ]);
    expect(drawn).toBe("• a\n• b\n  1. c\n> d\nwas | is\nWarning: Read-only");
  });

  test("draws inputs with their values and errors", () => {
    const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
    const drawn = renderText(
      [
        {
          type: "input",
          block_id: "plan",
          label: plain("Plan"),
          hint: plain("Size"),
          element: { type: "static_select", action_id: "p", options: [option("s")] },
        },
        {
          type: "input",
          block_id: "how",
          optional: true,
          label: plain("How"),
          element: { type: "radio_buttons", action_id: "h", options: [option("dump"), option("live")] },
        },
      ],
      "",
      {
        values: {
          plan: { p: { type: "static_select", selected_option: option("s") } },
          how: { h: { type: "radio_buttons", selected_option: option("live") } },
        },
        errors: { plan: "Too small." },
      },
    );
    expect(drawn).toBe("Plan: [S v]\n  Size\n  Error: Too small.\nHow (optional):\n  ( ) DUMP\n  (o) LIVE");
  });
});
