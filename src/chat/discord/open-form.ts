import { ButtonStyle, ComponentType } from "discord.js";
import type { FormAnswer, FormSelection, MigrationForm } from "../../core/form.ts";
import type { Member } from "../../core/member.ts";
import { within } from "../interactions/within.ts";
import { note, type Part, paragraph } from "../message.ts";
import { addonChoice, FORM_WORDS } from "../present/form.ts";
import { presentRefusal } from "../present/refusal.ts";
import { tidy } from "../tidy.ts";
import type { ActionRow, RowPart, SelectOption, StringSelect } from "./components.ts";
import { formModal, impossible, isPossible, optionsOf } from "./form.ts";
import type { Interaction } from "./interaction.ts";
import { askerOf, memberOf } from "./members.ts";
import { buttonOf, rowsOf } from "./render-buttons.ts";
import type { Reply, Shown } from "./reply.ts";
import type { DiscordSession } from "./session.ts";

/** A modal can only be the first response, so the form must be there well inside the second that one has. */
const FORM_MS = 700;

/** What is shown to someone who wants to migrate: the form, or words in its place. */
export type Outcome =
  | { readonly kind: "form"; readonly form: MigrationForm; readonly selection: FormSelection }
  | { readonly kind: "words"; readonly shown: Shown };

interface Asked {
  readonly interaction: Interaction;
  readonly reply: Reply;
  /** What the person has chosen so far, to find a form that is known already. */
  readonly selection: FormSelection;
  readonly load: () => Promise<Outcome>;
}

/**
 * Opens the form at once where it comes in time or was filled lately. Otherwise the person is asked to wait, and gets
 * a button that opens it: Discord takes no modal after a first response (Discord, "Receiving and Responding").
 */
export async function openForm(session: DiscordSession, asked: Asked): Promise<void> {
  const { interaction, reply } = asked;
  const loading = asked.load();
  const early =
    (await within(loading, { ms: FORM_MS, clock: session.clock })) ?? knownOutcome(session, asked);
  if (early?.kind === "form") return void (await reply.open(modalOf(session, interaction, early)));
  if (early?.kind === "words") return reply.tell(early.shown);
  if (!(await (interaction.isOnEphemeral ? reply.keep() : reply.think()))) return;
  const late = await loading;
  await reply.tell(late.kind === "words" ? late.shown : openLater(session, interaction, late));
}

/** Fills the form for what was chosen so far. */
export async function fillForm(
  session: DiscordSession,
  { member, selection }: { readonly member: Member; readonly selection: FormSelection },
): Promise<Outcome> {
  return outcomeOf(session, { member, selection, answer: await session.forms.load(member, selection) });
}

async function outcomeOf(
  session: DiscordSession,
  filled: { readonly member: Member; readonly selection: FormSelection; readonly answer: FormAnswer },
): Promise<Outcome> {
  const { member, selection, answer } = filled;
  switch (answer.kind) {
    case "form":
      return formOutcome(answer.form, selection);
    case "choose-addon":
      return { kind: "words", shown: await chooseAddon(session, { member, selection, parts: [] }) };
    case "refused": {
      const message = presentRefusal(answer.refusal);
      if (answer.refusal.field !== "addon") return { kind: "words", shown: { message } };
      return {
        kind: "words",
        shown: await chooseAddon(session, { member, selection, parts: message.parts }),
      };
    }
  }
}

function formOutcome(form: MigrationForm, selection: FormSelection): Outcome {
  if (isPossible(form)) return { kind: "form", form, selection: { ...selection, addonId: form.addon.id } };
  const message = { summary: FORM_WORDS.nothingOffered, parts: impossible(form) };
  return { kind: "words", shown: { message } };
}

function knownOutcome(session: DiscordSession, { interaction, selection }: Asked): Outcome | undefined {
  const form = session.forms.known(memberOf(session, interaction), selection);
  return form === undefined ? undefined : formOutcome(form, selection);
}

function modalOf(
  session: DiscordSession,
  interaction: Interaction,
  outcome: Extract<Outcome, { kind: "form" }>,
) {
  const customId = session.contexts.remember("form", interaction.user.id, outcome.selection);
  return formModal(outcome.form, customId, session.config.support);
}

function openLater(
  session: DiscordSession,
  interaction: Interaction,
  { form, selection }: Extract<Outcome, { kind: "form" }>,
): Shown {
  const text = `The form for ${tidy(form.addon.name)} is ready.`;
  const customId = session.contexts.remember("open", interaction.user.id, selection);
  const button = buttonOf(FORM_WORDS.open, { customId, style: ButtonStyle.Primary });
  return { message: { summary: text, parts: [paragraph(text)] }, controls: rowsOf([button]) };
}

/** A select of add-ons; more than it holds are found by the command's option. */
async function chooseAddon(
  session: DiscordSession,
  asked: { readonly member: Member; readonly selection: FormSelection; readonly parts: readonly Part[] },
): Promise<Shown> {
  const { member, selection, parts } = asked;
  const { addonId: _, ...rest } = selection;
  const addons = await session.suggestions.find(askerOf(member), "", () => Promise.resolve(member));
  const customId = session.contexts.remember("addon", member.id, rest);
  const options = optionsOf(addons, (addon) => ({ value: addon.id, label: addonChoice(addon) }));
  const hidden = addons.length - options.length;
  const hint = hidden > 0 ? [note(`${hidden} more: type part of a name in the command's addon option.`)] : [];
  const question = options.length === 0 ? FORM_WORDS.nothingFound : FORM_WORDS.chooseAddon;
  const message = { summary: question, parts: [...parts, paragraph(question), ...hint] };
  return options.length === 0 ? { message } : { message, controls: [selectOf(options, customId)] };
}

function selectOf(options: readonly SelectOption[], customId: string): ActionRow<RowPart> {
  const select: StringSelect = {
    type: ComponentType.StringSelect,
    custom_id: customId,
    options: [...options],
    placeholder: FORM_WORDS.chooseAddon,
  };
  return { type: ComponentType.ActionRow, components: [select] };
}
