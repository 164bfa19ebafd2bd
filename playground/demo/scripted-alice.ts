import type { MessageHandle as DiscordMessage, LocalDiscord } from "../discord/index.ts";
import type { WaitOptions } from "../local/matching.ts";
import type { LocalSlack, MessageHandle as SlackMessage } from "../slack/index.ts";

/** What the script reads of a message, on either platform. */
export interface ReadableMessage {
  text(): string;
  buttons(): string[];
  thread(): {
    text(): string;
    waitFor(match: RegExp, options?: WaitOptions): Promise<{ text(): string }>;
  };
}

/** The person of the script on one platform; what the platforms do differently stays in here. */
export interface ScriptedAlice {
  /** Types the command, fills the form and sends it; resolves to the plan in the channel. */
  asks(say: (line: string) => void): Promise<ReadableMessage>;
  /** Presses *Migrate the database*, and says yes when asked again. */
  confirms(plan: ReadableMessage): Promise<void>;
}

const COMMAND = "/db migrate orders";
const CONFIRM = "Migrate the database";
const OPEN_FORM = "Open the form";
const CHANNEL = "#databases";
const FORM_MS = 15_000;
const PLAN_MS = 60_000;

/** In Slack the form shows the price while it is open, and the button asks once more by itself. */
export function slackAlice(slack: LocalSlack): ScriptedAlice {
  const alice = slack.user("alice");
  return {
    async asks(say) {
      say(`alice types ${COMMAND} in Slack`);
      await alice.command(COMMAND, { channel: CHANNEL });
      const form = await alice.waitForModal(/Version/i, { timeoutMs: FORM_MS });
      await form.choose("plan", "pg-m");
      await form.waitFor(/78\.50 EUR more/, { timeoutMs: FORM_MS });
      await form.choose("version", "18");
      say(`\n— the form —\n\n${form.text()}`);
      await form.submit();
      return slack
        .channel(CHANNEL)
        .waitFor((message) => message.buttons().includes(CONFIRM), { timeoutMs: PLAN_MS });
    },
    async confirms(plan) {
      await alice.click(plan as SlackMessage, CONFIRM, { confirm: true });
    },
  };
}

/** In Discord a form cannot change while it is open, so the price stands in the plan; a second button asks once more. */
export function discordAlice(discord: LocalDiscord): ScriptedAlice {
  const alice = discord.user("alice");
  return {
    async asks(say) {
      say(`alice types ${COMMAND} in Discord`);
      await alice.command(COMMAND, { channel: CHANNEL });
      const form = await openedForm(discord);
      await form.choose("plan", "pg-m");
      await form.choose("version", "18");
      say(`\n— the form —\n\n${form.text()}`);
      await form.submit();
      const plan = await discord
        .channel(CHANNEL)
        .waitFor((message) => message.buttons().includes(CONFIRM), { timeoutMs: PLAN_MS });
      return plan.waitFor(/78\.50 EUR more/);
    },
    async confirms(plan) {
      const before = alice.ephemerals.length;
      await alice.click(plan as DiscordMessage, CONFIRM);
      const question = await alice.waitForEphemeral(
        (answer) => alice.ephemerals.length > before && answer.buttons().includes("Migrate"),
        { timeoutMs: FORM_MS },
      );
      await alice.click(question, "Migrate");
    },
  };
}

/** It comes at once, or, when Godwit has to look at the database first, behind a button. */
async function openedForm(discord: LocalDiscord) {
  const alice = discord.user("alice");
  if (alice.modals.length === 0) {
    const offer = await alice.waitForEphemeral((answer) => answer.buttons().includes(OPEN_FORM), {
      timeoutMs: FORM_MS,
    });
    await alice.click(offer, OPEN_FORM);
  }
  return alice.waitForModal(/Version/i, { timeoutMs: FORM_MS });
}
