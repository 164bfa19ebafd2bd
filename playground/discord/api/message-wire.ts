import { hasFlag, messageFlags } from "../flags.ts";
import type {
  Attachment,
  EphemeralMessage,
  InteractionKind,
  InteractionReference,
  Json,
  Message,
} from "../model.ts";
import { findMentions } from "../state/find-mentions.ts";
import type { World } from "../world.ts";
import { channelWire } from "./channel-wire.ts";
import { userWire } from "./person-wire.ts";

/** "Discord, Interaction Type". */
export const interactionTypes: Record<InteractionKind, number> = {
  command: 2,
  component: 3,
  autocomplete: 4,
  modal: 5,
};

/** A message in the shape Discord answers with and puts into payloads ("Discord, Message Object"). */
export function messageWire(world: World, message: Message | EphemeralMessage): Json {
  const { directory, settings } = world;
  const mentions = findMentions(message);
  const thread = directory.channels.get(message.threadId ?? "");
  const isApp = message.interaction !== null;
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.interaction?.kind === "command" ? 20 : message.referencedId === null ? 0 : 19,
    author: userWire(directory.findUser(message.authorId)),
    content: message.content,
    timestamp: new Date(message.createdAtMs).toISOString(),
    edited_timestamp: message.editedAtMs === null ? null : new Date(message.editedAtMs).toISOString(),
    tts: false,
    pinned: false,
    mention_everyone: mentions.some(({ kind }) => kind === "everyone"),
    mentions: mentions.flatMap((mention) => {
      const person = mention.kind === "user" ? directory.users.get(mention.id) : undefined;
      return person ? [userWire(person)] : [];
    }),
    mention_roles: mentions.flatMap((mention) => (mention.kind === "role" ? [mention.id] : [])),
    attachments: message.attachments.map((attachment) => attachmentWire(world, message, attachment)),
    embeds: message.embeds,
    components: message.components,
    flags: wireFlags(message),
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(isApp ? { application_id: settings.applicationId, webhook_id: settings.applicationId } : {}),
    ...(message.interaction ? interactionFields(world, message.interaction) : {}),
    ...(message.referencedId === null ? {} : reference(world, message)),
    ...(thread ? { thread: channelWire(world, thread) } : {}),
  };
}

function wireFlags(message: Message | EphemeralMessage): number {
  return (
    message.flags |
    ("ephemeralFor" in message ? messageFlags.ephemeral : 0) |
    (message.isThinking ? messageFlags.loading : 0) |
    (message.threadId === null ? 0 : messageFlags.hasThread)
  );
}

export function isComponentsV2(message: Message): boolean {
  return hasFlag(message.flags, messageFlags.componentsV2);
}

function attachmentWire(world: World, message: Message, attachment: Attachment): Json {
  const url = `${world.origin}/attachments/${message.channelId}/${attachment.id}/${attachment.name}`;
  return {
    id: attachment.id,
    filename: attachment.name,
    size: attachment.sizeBytes,
    url,
    proxy_url: url,
    content_type: attachment.contentType,
    ...(attachment.description === null ? {} : { description: attachment.description }),
  };
}

function interactionFields(world: World, interaction: InteractionReference): Json {
  const user = userWire(world.directory.findUser(interaction.userId));
  const type = interactionTypes[interaction.kind];
  const metadata = {
    id: interaction.id,
    type,
    user,
    authorizing_integration_owners: { "0": world.settings.guildId },
    ...(interaction.commandName === "" ? {} : { name: interaction.commandName }),
  };
  if (interaction.kind !== "command") return { interaction_metadata: metadata };
  return {
    interaction_metadata: metadata,
    interaction: { id: interaction.id, type, name: interaction.commandName, user },
  };
}

function reference(world: World, message: Message): Json {
  return {
    message_reference: {
      type: 0,
      message_id: message.referencedId,
      channel_id: message.channelId,
      guild_id: world.settings.guildId,
    },
  };
}
