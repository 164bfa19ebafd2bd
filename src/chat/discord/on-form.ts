import type { CommandOptionKind } from "../../core/command.ts";
import type { Member } from "../../core/member.ts";
import { guarded } from "../interactions/guarded.ts";
import { addonChoice, planChoice } from "../present/form.ts";
import { tidy } from "../tidy.ts";
import type { CommandChoice } from "./components.ts";
import { discordCode } from "./errors.ts";
import type { FormReference } from "./form-context.ts";
import type { Interaction, Of } from "./interaction.ts";
import { askerOf, isAtHome, memberOf } from "./members.ts";
import { fillForm, openForm } from "./open-form.ts";
import type { Reply } from "./reply.ts";
import type { DiscordSession } from "./session.ts";

/** Limits of autocomplete (Discord, "Application Commands"): 25 choices of 100 characters. */
const CHOICES = 25;
const CHARACTERS = 100;

/** An add-on was chosen, or a button asks for the form, with or without earlier answers. */
export async function onFormAsked(
  session: DiscordSession,
  asked: { readonly interaction: Interaction; readonly reply: Reply; readonly reference: FormReference },
): Promise<void> {
  const { interaction, reply, reference } = asked;
  const member = memberOf(session, interaction);
  const [chosen] = interaction.kind === "choose" ? interaction.values : [];
  const kept = session.contexts.recall(reference, interaction.user.id);
  const selection = chosen === undefined ? kept : { ...kept, addonId: chosen };
  const facts = { interaction: `form ${reference.purpose}`, userId: interaction.user.id };
  await guarded(session, facts, {
    work: () =>
      openForm(session, {
        interaction,
        reply,
        selection,
        load: () => fillForm(session, { member, selection }),
      }),
    tell: (message) => reply.tell({ message }),
  });
}

/** Suggests values while someone types a command. Never fails: a list cannot show an error. */
export async function onAutocomplete(
  session: DiscordSession,
  interaction: Of<"autocomplete">,
  reply: Reply,
): Promise<void> {
  const choices = await choicesFor(session, interaction).catch((error: unknown) => {
    const facts = { interaction: "autocomplete", userId: interaction.user.id };
    session.log.error({ ...facts, code: discordCode(error), error }, "interaction failed");
    return [];
  });
  const fitting = choices.filter(({ value }) => value !== "" && value.length <= CHARACTERS).slice(0, CHOICES);
  await reply.suggest(fitting.map(({ name, value }) => ({ name: tidy(name, CHARACTERS), value })));
}

interface Choice extends Pick<CommandChoice, "name"> {
  readonly value: string;
}

async function choicesFor(
  session: DiscordSession,
  interaction: Of<"autocomplete">,
): Promise<readonly Choice[]> {
  if (!isAtHome(interaction.guildId, session.config.guildId)) return [];
  const { focused } = interaction;
  const subcommand = session.commands.find(({ name }) => name === interaction.name);
  const kind = subcommand?.options.find(({ name }) => name === focused.name)?.kind;
  const member = memberOf(session, interaction);
  if (kind === undefined) return [];
  return kind === "addon"
    ? addonChoices(session, member, interaction)
    : offeredChoices(session, { kind, member, interaction });
}

async function addonChoices(
  session: DiscordSession,
  member: Member,
  { name, focused }: Of<"autocomplete">,
): Promise<readonly Choice[]> {
  const found = await session.suggestions.find(askerOf(member), focused.value, () => Promise.resolve(member));
  const opensForm = session.commands.some((known) => known.name === name && known.opensForm);
  const [first, ...others] = found;
  if (opensForm && first !== undefined && others.length === 0)
    session.forms.prefetch(member, { addonId: first.id });
  return found.map((addon) => ({ name: addonChoice(addon), value: addon.id }));
}

/** Plans and versions that the add-on typed so far can really move to. */
async function offeredChoices(
  session: DiscordSession,
  asked: {
    readonly kind: Exclude<CommandOptionKind, "addon">;
    readonly member: Member;
    readonly interaction: Of<"autocomplete">;
  },
): Promise<readonly Choice[]> {
  const { kind, member, interaction } = asked;
  const { addon, plan } = interaction.options;
  if (addon === undefined) return [];
  const selection = { addonId: addon, ...(kind === "version" && plan !== undefined && { planId: plan }) };
  const form = await session.forms.suggest(member, selection);
  if (form === undefined) return [];
  const { plans, versions } = form.options;
  const choices =
    kind === "plan"
      ? plans.map(({ value, verdict }) => ({ verdict, name: planChoice(value), value: value.id }))
      : versions.map(({ value, verdict }) => ({ verdict, name: value.label, value: value.version }));
  const typed = interaction.focused.value.trim().toLowerCase();
  return choices.filter(
    ({ verdict, name, value }) => verdict.allowed && `${name} ${value}`.toLowerCase().includes(typed),
  );
}
