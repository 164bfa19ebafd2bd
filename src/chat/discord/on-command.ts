import type { Invocation } from "../../core/ports/chat.ts";
import { guarded } from "../interactions/guarded.ts";
import type { Message } from "../message.ts";
import { presentAnswer } from "../present/answer.ts";
import { missingPermissions, notAtHome } from "./channel-rights.ts";
import type { Of } from "./interaction.ts";
import { memberOf, placeOf } from "./members.ts";
import { fillForm, type Outcome, openForm } from "./open-form.ts";
import type { Reply } from "./reply.ts";
import type { DiscordSession } from "./session.ts";

const DEFAULT_COMMAND = "help";

/** Answers `/db …`: with the form, or with a message that the person alone sees. */
export async function onCommand(
  session: DiscordSession,
  interaction: Of<"command">,
  reply: Reply,
): Promise<void> {
  const name = interaction.name || DEFAULT_COMMAND;
  const { options } = interaction;
  const invocation = { member: memberOf(session, interaction), place: placeOf(interaction), name, options };
  const tell = (message: Message): Promise<void> => reply.tell({ message });
  const work = async (): Promise<void> => {
    const subcommand = session.commands.find((known) => known.name === name);
    if (subcommand?.opensForm) return openCommandForm(session, { interaction, reply, invocation });
    if (!(await reply.think())) return;
    const answer = await session.inbound.command(invocation);
    await tell(presentAnswer(answer, session.clock.now()));
  };
  await guarded(session, { interaction: `command ${name}`, userId: interaction.user.id }, { work, tell });
}

/** Says what is in the way before anyone fills in a form that cannot be used here. */
async function openCommandForm(
  session: DiscordSession,
  asked: { readonly interaction: Of<"command">; readonly reply: Reply; readonly invocation: Invocation },
): Promise<void> {
  const { interaction, reply, invocation } = asked;
  const problem = notAtHome(interaction, session.config.guildId) ?? missingPermissions(interaction);
  if (problem !== null) return reply.tell({ message: problem });
  const { addon, plan, version, start } = invocation.options;
  const selection = {
    ...(addon !== undefined && { addonId: addon }),
    ...(plan !== undefined && { planId: plan }),
    ...(version !== undefined && { version }),
    ...(start !== undefined && { start }),
  };
  await openForm(session, { interaction, reply, selection, load: () => load(session, invocation) });
}

async function load(session: DiscordSession, invocation: Invocation): Promise<Outcome> {
  const answer = await session.inbound.command(invocation);
  if (answer.kind === "open-form")
    return fillForm(session, { member: invocation.member, selection: answer.selection });
  return { kind: "words", shown: { message: presentAnswer(answer, session.clock.now()) } };
}
