import type { SlashCommand } from "@slack/bolt";
import { optionsOfWords } from "../../core/command.ts";
import type { Invocation } from "../../core/ports/chat.ts";
import { guarded } from "../interactions/guarded.ts";
import type { Message } from "../message.ts";
import { presentAnswer } from "../present/answer.ts";
import { unescapeCommand } from "./escape.ts";
import { openForm } from "./open-form.ts";
import { renderOptions } from "./render-options.ts";
import { replyEphemeral } from "./reply.ts";
import type { SlackSession } from "./session.ts";

const DEFAULT_COMMAND = "help";

/** Answers `/db …`, which is acknowledged already: with the form, or with an ephemeral message. */
export async function onCommand(session: SlackSession, command: SlashCommand): Promise<void> {
  const tell = (message: Message): Promise<void> => tellCaller(session, command, message);
  const [word = DEFAULT_COMMAND, ...args] = words(command.text);
  const name = word.toLowerCase();
  const subcommand = session.commands.find((known) => known.name === name);
  const facts = { interaction: `command ${name}`, userId: command.user_id };
  const invoke = async (): Promise<Invocation> => ({
    ...(await callerOf(session, command)),
    name,
    options: optionsOfWords(subcommand, args),
  });
  const work = async (): Promise<void> => {
    if (subcommand?.opensForm) return openForm(session, { command, invoke, tell });
    const answer = await session.inbound.command(await invoke());
    await tell(presentAnswer(answer, session.clock.now()));
  };
  await guarded(session, facts, { work, tell });
}

async function callerOf(
  session: SlackSession,
  command: SlashCommand,
): Promise<Pick<Invocation, "member" | "place">> {
  const member = await session.members.member({ id: command.user_id, name: command.user_name });
  return {
    member,
    place: { platform: "slack", workspace: session.home.teamId, channel: command.channel_id },
  };
}

function tellCaller(session: SlackSession, command: SlashCommand, message: Message): Promise<void> {
  const target = { responseUrl: command.response_url, channel: command.channel_id, userId: command.user_id };
  return replyEphemeral(target, message, {
    ...renderOptions(session),
    client: session.clients.interactive,
    apiUrl: session.config.apiUrl,
  });
}

/** Splits at spaces; what Slack escaped is taken back. */
function words(text: string): string[] {
  return unescapeCommand(text)
    .split(/\s+/u)
    .filter((word) => word !== "");
}
