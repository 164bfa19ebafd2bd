import type { MessageHandle as DiscordMessage, LocalDiscord } from "../../discord/index.ts";
import type { WaitOptions } from "../../local/matching.ts";
import type { LocalSlack, MessageHandle as SlackMessage } from "../../slack/index.ts";
import type { Stage } from "../start-stage.ts";

/** What the script reads of a message, on either platform. */
export interface ReadableMessage {
  text(): string;
  buttons(): string[];
  thread(): {
    text(): string;
    waitFor(
      match: RegExp | ((message: ReadableMessage) => boolean),
      options?: WaitOptions,
    ): Promise<ReadableMessage>;
  };
}

/** What the script asks for. */
export interface ScriptedWish {
  readonly addon: string;
  /** The plan it has, unless given. */
  readonly plan?: string;
  readonly version: string;
  /** What the billing summary says once it is up to date. */
  readonly price: RegExp;
}

/** The person of the script on one platform; what the platforms do differently stays in here. */
export interface ScriptedAlice {
  /** Types the command, fills the form and sends it; resolves to the plan in the channel. */
  asks(wish: ScriptedWish, say: (line: string) => void): Promise<ReadableMessage>;
  /** Presses a button, and says yes when asked again. */
  presses(message: ReadableMessage, button: string): Promise<void>;
}

/** On the first platform there is. */
export function aliceOf({ slack, discord }: Pick<Stage, "slack" | "discord">): ScriptedAlice {
  if (slack) return slackAlice(slack);
  if (discord) return discordAlice(discord);
  throw new Error("the stage has no chat platform");
}

export const CONFIRM = "Migrate the database";
export const TRY_AGAIN = "Try again";
const OPEN_FORM = "Open the form";
const CHANNEL = "#databases";
const FORM_MS = 15_000;
const PLAN_MS = 60_000;

function commandFor({ addon }: ScriptedWish): string {
  return `/db migrate ${addon}`;
}

function isPlanOf(message: ReadableMessage, { addon }: ScriptedWish): boolean {
  return message.buttons().includes(CONFIRM) && message.text().includes(`Migrate ${addon}`);
}

/** In Slack the form shows the price while it is open, and the button asks once more by itself. */
function slackAlice(slack: LocalSlack): ScriptedAlice {
  const alice = slack.user("alice");
  return {
    async asks(wish, say) {
      const command = commandFor(wish);
      say(`alice types ${command} in Slack`);
      await alice.command(command, { channel: CHANNEL });
      const form = await alice.waitForModal((shown) => shown.text().includes(wish.addon), {
        timeoutMs: FORM_MS,
      });
      if (wish.plan !== undefined) await form.choose("plan", wish.plan);
      await form.choose("version", wish.version);
      await form.waitFor(wish.price, { timeoutMs: FORM_MS });
      say(`\n— the form —\n\n${form.text()}`);
      await form.submit();
      return slack.channel(CHANNEL).waitFor((message) => isPlanOf(message, wish), { timeoutMs: PLAN_MS });
    },
    async presses(message, button) {
      await alice.click(message as SlackMessage, button, { confirm: true });
    },
  };
}

/** In Discord a form cannot change while it is open, so the price stands in the plan; a second button asks once more. */
function discordAlice(discord: LocalDiscord): ScriptedAlice {
  const alice = discord.user("alice");
  return {
    async asks(wish, say) {
      const command = commandFor(wish);
      say(`alice types ${command} in Discord`);
      const offersBefore = alice.ephemerals.length;
      await alice.command(command, { channel: CHANNEL });
      const form = await openedForm(discord, wish, offersBefore);
      if (wish.plan !== undefined) await form.choose("plan", wish.plan);
      await form.choose("version", wish.version);
      say(`\n— the form —\n\n${form.text()}`);
      await form.submit();
      const plan = await discord
        .channel(CHANNEL)
        .waitFor((message) => isPlanOf(message, wish), { timeoutMs: PLAN_MS });
      return plan.waitFor(wish.price);
    },
    async presses(message, button) {
      const before = alice.ephemerals.length;
      await alice.click(message as DiscordMessage, button);
      const question = await alice.waitForEphemeral(
        (answer) => alice.ephemerals.length > before && answer.buttons().length === 2,
        { timeoutMs: FORM_MS },
      );
      await alice.click(question, question.buttons()[0] ?? "");
    },
  };
}

/** It comes at once, or, when Godwit has to look at the database first, behind a button. */
async function openedForm(discord: LocalDiscord, { addon }: ScriptedWish, offersBefore: number) {
  const alice = discord.user("alice");
  const isForm = (shown: { text(): string }) => shown.text().includes(`Database: ${addon} `);
  if (!alice.modals.some(isForm)) {
    const offer = await alice.waitForEphemeral(
      (answer) => alice.ephemerals.length > offersBefore && answer.buttons().includes(OPEN_FORM),
      { timeoutMs: FORM_MS },
    );
    await alice.click(offer, OPEN_FORM);
  }
  return alice.waitForModal(isForm, { timeoutMs: FORM_MS });
}
