import { ButtonStyle } from "discord.js";
import type { FormSelection } from "../../core/form.ts";
import type { Migration } from "../../core/migration.ts";
import { guarded } from "../interactions/guarded.ts";
import { type Message, paragraph, type Text } from "../message.ts";
import { channelRefusedText, FORM_WORDS, postedText } from "../present/form.ts";
import { presentRefusal } from "../present/refusal.ts";
import { plainText } from "../render-plain.ts";
import { channelProblem } from "./errors.ts";
import { FIELDS, type FormField } from "./form.ts";
import type { FormReference } from "./form-context.ts";
import type { Interaction, Of } from "./interaction.ts";
import { memberOf, placeOf } from "./members.ts";
import { buttonOf, rowsOf } from "./render-buttons.ts";
import type { Reply, Shown } from "./reply.ts";
import type { DiscordSession } from "./session.ts";

const ROOT_MS = 15_000;

interface SubmittedForm {
  readonly interaction: Interaction;
  readonly reply: Reply;
  readonly selection: FormSelection;
}

/** The form was submitted: its outcome is told to the person alone, a refusal with the way back into the form. */
export async function onSubmit(
  session: DiscordSession,
  submitted: { readonly interaction: Of<"submit">; readonly reply: Reply; readonly reference: FormReference },
): Promise<void> {
  const { interaction, reply, reference } = submitted;
  const { addonId } = session.contexts.recall(reference, interaction.user.id);
  const selection = { ...(addonId === undefined ? {} : { addonId }), ...chosenIn(interaction.fields) };
  if (!(await reply.think())) return;
  await submit(session, { interaction, reply, selection });
}

/** Submits the same choices once more, after the channel refused the plan. */
export async function submitAgain(
  session: DiscordSession,
  again: { readonly interaction: Interaction; readonly reply: Reply; readonly reference: FormReference },
): Promise<void> {
  const { interaction, reply, reference } = again;
  const selection = session.contexts.recall(reference, interaction.user.id);
  if (!(await reply.keep())) return;
  await submit(session, { interaction, reply, selection });
}

async function submit(session: DiscordSession, form: SubmittedForm): Promise<void> {
  const { interaction, reply, selection } = form;
  const tell = (message: Message): Promise<void> => reply.tell({ message });
  const work = async (): Promise<void> => {
    const [member, place] = [memberOf(session, interaction), placeOf(interaction)];
    const answer = await session.inbound.submit({ deliveryId: interaction.id, member, place, selection });
    if (answer.kind === "posted") return showDelivery(session, form, answer.migration);
    await reply.tell(withButton(session, form, { message: presentRefusal(answer.refusal), purpose: "edit" }));
  };
  await guarded(session, { interaction: "submit", userId: interaction.user.id }, { work, tell });
}

async function showDelivery(
  session: DiscordSession,
  form: SubmittedForm,
  migration: Migration,
): Promise<void> {
  const { reply, interaction } = form;
  const delivery = await session.inbound.rootDelivery(migration.id, ROOT_MS);
  switch (delivery.kind) {
    case "sent": {
      const link = delivery.link ?? (await session.linkOf(migration.id));
      return reply.tell({ message: ofText(postedText(interaction.channelId, link)) });
    }
    case "waiting":
      return reply.tell({ message: ofText([FORM_WORDS.waiting]) });
    case "refused": {
      const message = ofText(channelRefusedText(channelProblem(delivery.code)));
      return reply.tell(withButton(session, form, { message, purpose: "again" }));
    }
  }
}

/** The way on: back into the form with the answers, or the same once more. */
function withButton(
  session: DiscordSession,
  { interaction, selection }: SubmittedForm,
  end: { readonly message: Message; readonly purpose: "edit" | "again" },
): Shown {
  const customId = session.contexts.remember(end.purpose, interaction.user.id, selection);
  const label = end.purpose === "edit" ? FORM_WORDS.edit : FORM_WORDS.tryAgain;
  return {
    message: end.message,
    controls: rowsOf([buttonOf(label, { customId, style: ButtonStyle.Primary })]),
  };
}

/** Keys of a selection by the fields' names. */
const SELECTED: Readonly<Record<FormField, keyof FormSelection>> = {
  plan: "planId",
  version: "version",
  zone: "zone",
  strategy: "strategy",
  start: "start",
};

function chosenIn(fields: Readonly<Record<string, string>>): FormSelection {
  return Object.fromEntries(
    FIELDS.flatMap((name) => (fields[name] === undefined ? [] : [[SELECTED[name], fields[name]]])),
  );
}

function ofText(text: Text): Message {
  return { summary: plainText(text), parts: [paragraph(...text)] };
}
