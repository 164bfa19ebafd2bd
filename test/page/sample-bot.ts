import type { App, types } from "@slack/bolt";
import { post } from "../playground/slack-sample-app.ts";
import { failureBlocks, planBlocks, progressBlocks } from "./sample-blocks.ts";

const plain = (text: string) => ({ type: "plain_text" as const, text });
const option = (value: string, text: string, description?: string) => ({
  text: plain(text),
  value,
  ...(description === undefined ? {} : { description: plain(description) }),
});

const plans = {
  s: option("pg-s", "S · 1 GiB · 10 GiB disk · 19.50 EUR", "The plan now"),
  m: option("pg-m", "M · 4 GiB · 40 GiB disk · 98.00 EUR", "Twice the processors"),
  l: option("pg-l", "L · 16 GiB · 160 GiB disk · 390.00 EUR"),
};

/** What the bot did, for tests to look at. */
export interface SampleBot {
  readonly heard: string[];
  /** The timestamps of the plan and of its progress card. */
  plan: string;
  card: string;
}

const channel = "C0DATABASES";

/** A small bot with a form, a plan with a confirm dialog, and a thread with a progress card. */
export function registerSampleBot(app: App): SampleBot {
  const bot: SampleBot = { heard: [], plan: "", card: "" };
  registerForm(app, bot);
  app.action("confirm", async ({ ack, client }) => {
    bot.heard.push("confirm");
    await ack();
    const blocks = progressBlocks(3);
    const card = await post(client, { channel, thread_ts: bot.plan, text: "Migrating orders", blocks });
    bot.card = card.ts ?? "";
  });
  app.action(/cancel|acknowledge|retry/, async ({ ack }) => ack());
  app.action("plan", async ({ ack, body, client }) => {
    await ack();
    if (body.type !== "block_actions" || !body.view) return;
    const chosen = body.view.state.values.plan?.plan?.selected_option?.value ?? "";
    await client.views.update({ view_id: body.view.id, view: form(`Then: plan ${chosen}.`) });
  });
  app.event("app_home_opened", async ({ event, client }) => {
    const blocks: types.KnownBlock[] = [{ type: "header", text: plain("Nothing runs now") }];
    await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
  });
  return bot;
}

/** Ends the migration in a failure, in the thread. */
export async function failMigration(app: App, bot: SampleBot): Promise<void> {
  await app.client.chat.update({ channel, ts: bot.card, text: "Failed", blocks: progressBlocks(3, "error") });
  await post(app.client, {
    channel,
    thread_ts: bot.plan,
    text: "<!subteam^S0SUPPORT>: The migration of orders failed at step 4 of 8, Replicate.",
    blocks: failureBlocks,
  });
}

function registerForm(app: App, bot: SampleBot): void {
  app.command("/db", async ({ ack, command, client, respond }) => {
    bot.heard.push(command.text);
    await ack();
    if (command.text.startsWith("migrate")) {
      await client.views.open({ trigger_id: command.trigger_id, view: form("Now: plan pg-s.") });
    } else {
      await respond({ text: "*orders* · PostgreSQL 15.18 · plan S", response_type: "ephemeral" });
    }
  });
  app.options("addon", async ({ ack, options }) => {
    const all = [
      option("addon_orders", "orders · PostgreSQL 15"),
      option("addon_users", "users · PostgreSQL 17"),
    ];
    await ack({ options: all.filter(({ text }) => text.text.includes(options.value)) });
  });
  app.view("form", async ({ ack, view, client }) => {
    const reason = view.state.values.reason?.reason?.value ?? "";
    bot.heard.push(JSON.stringify(view.state.values));
    if (reason.length < 5) {
      await ack({ response_action: "errors", errors: { reason: "Say a little more." } });
      return;
    }
    await ack();
    const posted = await post(client, { channel, text: "Migrate orders", blocks: planBlocks });
    bot.plan = posted.ts ?? "";
  });
}

function form(note: string): types.ModalView {
  const label = plain;
  return {
    type: "modal",
    callback_id: "form",
    title: plain("Migrate a database"),
    submit: plain("Check and post"),
    close: plain("Close"),
    blocks: [
      {
        type: "input",
        block_id: "addon",
        label: label("Database"),
        element: {
          type: "external_select",
          action_id: "addon",
          min_query_length: 0,
          placeholder: plain("Type part of its name"),
        },
      },
      {
        type: "input",
        block_id: "plan",
        dispatch_action: true,
        label: label("New plan"),
        element: {
          type: "static_select",
          action_id: "plan",
          option_groups: [
            { label: plain("Same price"), options: [plans.s] },
            { label: plain("Larger"), options: [plans.m, plans.l] },
          ],
          initial_option: plans.s,
        },
      },
      {
        type: "input",
        block_id: "strategy",
        label: label("Strategy"),
        element: {
          type: "radio_buttons",
          action_id: "strategy",
          options: [
            option("live", "Live", "Replicate first, read-only for seconds"),
            option("dump", "Dump", "Copy inside the read-only window"),
          ],
          initial_option: option("live", "Live", "Replicate first, read-only for seconds"),
        },
      },
      {
        type: "input",
        block_id: "reason",
        label: label("Reason"),
        hint: plain("Shown in the channel."),
        element: { type: "plain_text_input", action_id: "reason", placeholder: plain("Why now?") },
      },
      {
        type: "input",
        block_id: "notify",
        optional: true,
        label: label("Tell"),
        element: {
          type: "checkboxes",
          action_id: "notify",
          options: [option("owner", "The owner"), option("support", "Support")],
        },
      },
      { type: "context", elements: [plain(note)] },
    ],
  };
}
