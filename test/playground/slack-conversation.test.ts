import type { App } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { post, type RunningApp, startHttpApp, startSocketApp } from "./slack-sample-app.ts";

const plain = (text: string) => ({ type: "plain_text" as const, text });
const option = (value: string, text: string) => ({ text: plain(text), value });

function formView(summary: string) {
  return {
    type: "modal" as const,
    callback_id: "migrate",
    title: plain("Migrate"),
    submit: plain("Review"),
    private_metadata: "C0DATABASES",
    blocks: [
      {
        type: "input" as const,
        block_id: "plan",
        dispatch_action: true,
        label: plain("Target plan"),
        element: {
          type: "static_select" as const,
          action_id: "plan",
          option_groups: [
            { label: plain("Small"), options: [option("pg-s", "S")] },
            { label: plain("Medium"), options: [option("pg-m", "M, 4 GiB")] },
          ],
          initial_option: option("pg-s", "S"),
        },
      },
      {
        type: "input" as const,
        block_id: "addon",
        optional: true,
        label: plain("Add-on"),
        element: { type: "external_select" as const, action_id: "addon", min_query_length: 0 },
      },
      {
        type: "input" as const,
        block_id: "reason",
        label: plain("Reason"),
        element: { type: "plain_text_input" as const, action_id: "reason" },
      },
      { type: "section" as const, text: { type: "mrkdwn" as const, text: summary } },
    ],
  };
}

function registerMigration(app: App): void {
  app.command("/db", async ({ ack, body, client }) => {
    await ack();
    const skeleton = { type: "modal" as const, title: plain("Migrate"), blocks: [section("Loading…")] };
    const opened = await client.views.open({ trigger_id: body.trigger_id, view: skeleton });
    await client.views.update({
      view_id: opened.view?.id ?? "",
      hash: opened.view?.hash ?? "",
      view: formView("EUR 19.50 a month"),
    });
  });
  app.action("plan", async ({ ack, body, client, action }) => {
    await ack();
    if (body.type !== "block_actions" || action.type !== "static_select") return;
    const view = { view_id: body.view?.id ?? "", hash: body.view?.hash ?? "" };
    await client.views.update({ ...view, view: formView(`Chosen: ${action.selected_option.value}`) });
  });
  app.options("addon", async ({ ack, options }) => {
    await ack({ options: [option("addon_orders", `orders for ${options.value}`)] });
  });
  app.view("migrate", async ({ ack, view, client }) => {
    if (view.state.values.reason?.reason?.value === "no") {
      await ack({ response_action: "errors", errors: { reason: "Say why." } });
      return;
    }
    await ack({
      response_action: "update",
      view: { type: "modal", title: plain("Migrate"), blocks: [section("Working")] },
    });
    const plan = view.state.values.plan?.plan?.selected_option?.value;
    await post(client, {
      channel: view.private_metadata,
      text: "Ready to migrate",
      blocks: [section(`Ready to migrate to ${plan}`), { type: "actions", elements: [migrateButton()] }],
    });
  });
  app.action("start", async ({ ack, body, client }) => {
    await ack();
    if (body.type !== "block_actions" || !body.channel || !body.message) return;
    const thread = { channel: body.channel.id, thread_ts: body.message.ts };
    const posted = await post(client, { ...thread, text: "Step 1 of 2" });
    await client.chat.update({ channel: thread.channel, ts: posted.ts ?? "", text: "Step 2 of 2" });
    await post(client, { ...thread, text: "Done <!subteam^S0SUPPORT>", reply_broadcast: true });
  });
}

function section(text: string) {
  return { type: "section" as const, text: { type: "mrkdwn" as const, text } };
}

function migrateButton() {
  return {
    type: "button" as const,
    action_id: "start",
    text: plain("Migrate the database"),
    style: "danger" as const,
    value: "m1",
    confirm: {
      title: plain("Sure?"),
      text: plain("Read-only for 40 s"),
      confirm: plain("Yes"),
      deny: plain("No"),
    },
  };
}

describe.each(["Socket Mode", "HTTP"])("a Bolt app over %s", (transport) => {
  let slack: LocalSlack;
  let app: RunningApp;

  beforeEach(async () => {
    slack = await startLocalSlack();
    if (transport === "HTTP") {
      app = await startHttpApp(slack, slack.signingSecret, registerMigration);
      slack.setRequestUrl(app.url);
    } else {
      app = await startSocketApp(slack, registerMigration);
    }
  });

  afterEach(async () => {
    await app.stop();
    await slack.close();
  });

  test("goes from the command through the form and the button to the thread", async () => {
    const alice = slack.user("alice");
    const reply = await alice.command("/db migrate", { channel: "#databases" });
    expect(reply).toMatchObject({ acked: true });

    const modal = await alice.waitForModal(/EUR 19.50/);
    expect(modal.title).toBe("Migrate");
    expect(modal.options("plan")).toEqual([
      { value: "pg-s", text: "S" },
      { value: "pg-m", text: "M, 4 GiB" },
    ]);
    expect(modal.value("plan")).toBe("S");

    await modal.type("reason", "no");
    await modal.choose("plan", "M, 4 GiB");
    await modal.waitFor(/Chosen: pg-m/);
    expect(modal.value("plan")).toBe("M, 4 GiB");
    expect(modal.value("reason")).toBe("no");

    expect(await modal.suggest("addon", "ord")).toEqual([{ value: "addon_orders", text: "orders for ord" }]);
    await modal.choose("addon", "addon_orders");
    expect(modal.value("addon")).toBe("orders for ord");

    expect(await modal.submit()).toEqual({ kind: "errors", errors: { reason: "Say why." } });
    expect(modal.text()).toContain("Error: Say why.");
    await modal.type("reason", "growth");
    expect(await modal.submit()).toEqual({ kind: "updated" });
    expect(modal.text()).toBe("Working");
    await modal.close();
    expect(alice.modals).toEqual([]);

    const message = await slack.channel("#databases").waitFor(/Ready to migrate to pg-m/);
    expect(message.buttons()).toEqual(["Migrate the database"]);
    expect(await alice.click(message, "Migrate the database", { confirm: false })).toEqual({
      kind: "declined",
    });
    expect(message.thread().messages()).toEqual([]);
    await alice.click(message, "start", { confirm: true });

    await message.thread().waitFor("Done @support");
    expect(
      message
        .thread()
        .messages()
        .map((reply) => reply.text()),
    ).toEqual(["Step 2 of 2", "Done @support"]);
    expect(slack.channel("#databases").messages()).toHaveLength(2);
    expect(slack.user("sam").notifications).toMatchObject([{ cause: "usergroup", channelId: "C0DATABASES" }]);
    expect(slack.violations).toEqual([]);
    expect(slack.errors).toEqual([]);
    expect(slack.ackLatencies.map(({ kind }) => kind)).toEqual([
      "command",
      "block_actions",
      "block_suggestion",
      "view_submission",
      "view_submission",
      "block_actions",
    ]);
  });
});
