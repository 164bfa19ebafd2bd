import { hasFlag, messageFlags } from "../flags.ts";
import type { EphemeralMessage, Message } from "../model.ts";
import type { Upload } from "../server/read-request.ts";
import { dispatchMessage } from "../state/dispatch-message.ts";
import { type Interaction, referenceTo } from "../state/interactions.ts";
import { notify } from "../state/notify.ts";
import type { World } from "../world.ts";
import { type MessageBody, messageEdit, newMessage } from "./message-body.ts";
import { announce } from "./messages.ts";

export interface AnswerParts {
  readonly body: MessageBody;
  readonly files: readonly Upload[];
}

/**
 * Posts the answer to an interaction; the first one is `@original` and hangs below the message whose component was used,
 * later ones hang below `@original`.
 */
export function postAnswer(
  world: World,
  interaction: Interaction,
  answer: AnswerParts & { isThinking: boolean },
): Message | EphemeralMessage {
  const { body, files, isThinking } = answer;
  const { userId, channelId } = interaction.state;
  const content = {
    ...newMessage(world, body, files),
    channelId,
    authorId: world.settings.applicationId,
    interaction: referenceTo(interaction),
    referencedId: interaction.originalId ?? interaction.state.messageId,
    isThinking,
  };
  const isEphemeral = hasFlag(body.flags ?? 0, messageFlags.ephemeral);
  const message = isEphemeral ? world.messages.postEphemeral(content, userId) : world.messages.post(content);
  interaction.originalId ??= message.id;
  interaction.messageIds.add(message.id);
  const channel = world.directory.channels.get(channelId);
  if (!isEphemeral && channel) announce(world, channel, { message, body });
  return message;
}

/** Edits a message by token. Filling in a deferred answer is its first content, so that its mentions ring. */
export function fillIn(
  world: World,
  interaction: Interaction,
  edit: AnswerParts & { message: Message | EphemeralMessage },
): void {
  const { message, body, files } = edit;
  const wasThinking = message.isThinking;
  world.messages.edit(message, messageEdit(world, body, { ...message, files }));
  if (interaction.state.state === "thinking") world.interactions.mark(interaction, "answered");
  if ("ephemeralFor" in message) return;
  if (wasThinking) notify(world, message, body.allowed_mentions);
  dispatchMessage(world, message, "UPDATE");
}
