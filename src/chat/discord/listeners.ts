import { BoundedMap } from "../bounded-map.ts";
import { readReason } from "./ask-reason.ts";
import { discordCode } from "./errors.ts";
import { type FormReference, readReference } from "./form-context.ts";
import { type Interaction, readInteraction } from "./interaction.ts";
import { onCommand } from "./on-command.ts";
import { onAutocomplete, onFormAsked } from "./on-form.ts";
import { onPress } from "./on-press.ts";
import { onReason } from "./on-reason.ts";
import { onSubmit, submitAgain } from "./on-submit.ts";
import { readDiscordButton } from "./render-buttons.ts";
import { Reply } from "./reply.ts";
import type { DiscordSession } from "./session.ts";

const REMEMBERED = 2_000;

/** Hands on the data of each INTERACTION_CREATE once: a resumed connection may bring one again. Never rejects. */
export function createListener(session: DiscordSession): (payload: unknown) => Promise<void> {
  const seen = new BoundedMap<string, true>(REMEMBERED);
  return async (payload) => {
    try {
      const interaction = readInteraction(payload);
      if (interaction === null || seen.has(interaction.id)) return;
      seen.set(interaction.id, true);
      await dispatch(session, interaction);
    } catch (error) {
      session.log.error({ code: discordCode(error), error }, "discord listener failed");
    }
  };
}

function dispatch(session: DiscordSession, interaction: Interaction): Promise<void> {
  const { clients, config, clock, log } = session;
  const reply = new Reply(interaction, { clients, config, clock, log });
  switch (interaction.kind) {
    case "command":
      return onCommand(session, interaction, reply);
    case "autocomplete":
      return onAutocomplete(session, interaction, reply);
    case "press":
    case "choose":
    case "submit":
      return onComponent(session, interaction, reply);
  }
}

async function onComponent(
  session: DiscordSession,
  interaction: Extract<Interaction, { readonly customId: string }>,
  reply: Reply,
): Promise<void> {
  const press = readDiscordButton(interaction.customId);
  const reference = readReference(interaction.customId);
  if (interaction.kind === "submit") {
    const reasoned = readReason(interaction.customId, interaction.fields);
    if (reasoned !== null) return onReason(session, { interaction, reply, ...reasoned });
  }
  if (press !== null && interaction.kind === "press") return onPress(session, { interaction, reply, press });
  if (reference !== null) return onForm(session, { interaction, reply, reference });
  session.log.warn({ customId: interaction.customId }, "unknown component used");
}

function onForm(
  session: DiscordSession,
  used: {
    readonly interaction: Extract<Interaction, { readonly customId: string }>;
    readonly reply: Reply;
    readonly reference: FormReference;
  },
): Promise<void> {
  const { interaction, reply, reference } = used;
  if (interaction.kind === "submit") return onSubmit(session, { interaction, reply, reference });
  // Choices that are forgotten must be made anew: others than the person's are never sent.
  const isKept = session.contexts.isKept(reference, interaction.user.id);
  if (reference.purpose === "again" && isKept) return submitAgain(session, used);
  return onFormAsked(session, used);
}
