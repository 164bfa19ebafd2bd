import { channelWire } from "../api/channel-wire.ts";
import { interactionTypes, messageWire } from "../api/message-wire.ts";
import { memberWire, userWire } from "../api/person-wire.ts";
import type { Json } from "../model.ts";
import type { Interaction } from "../state/interactions.ts";
import { botPermissionsIn } from "../state/reach-channel.ts";
import type { World } from "../world.ts";
import type { Delivery } from "./deliver.ts";

/** Bytes a bot may upload in a guild without boosts ("Discord, Uploading Files"). */
const attachmentLimit = 10 * 1024 * 1024;

/** INTERACTION_CREATE with every field an app may rely on ("Discord, Interaction Object"). */
export function interactionPayload(world: World, interaction: Interaction, delivery: Delivery): Json {
  const { directory, settings } = world;
  const { state } = interaction;
  const channel = directory.findChannel(state.channelId);
  return {
    id: state.id,
    application_id: settings.applicationId,
    type: interactionTypes[state.kind],
    token: interaction.token,
    version: 1,
    data: delivery.data,
    channel_id: channel.id,
    channel: channelWire(world, channel),
    locale: "en-US",
    entitlements: [],
    attachment_size_limit: attachmentLimit,
    app_permissions: botPermissionsIn(world, channel).toString(),
    ...(channel.kind === "dm" ? inDirectChannel(world, state.userId) : inGuild(world, state.userId)),
    ...(delivery.message ? { message: messageWire(world, delivery.message) } : {}),
  };
}

function inGuild(world: World, userId: string): Json {
  const { directory, settings } = world;
  const person = directory.findUser(userId);
  return {
    guild_id: settings.guildId,
    guild: { id: settings.guildId, locale: "en-US", features: [] },
    guild_locale: "en-US",
    member: { ...memberWire(person), permissions: directory.permissionsOf(person).toString() },
    authorizing_integration_owners: { "0": settings.guildId },
    context: 0,
  };
}

function inDirectChannel(world: World, userId: string): Json {
  return {
    user: userWire(world.directory.findUser(userId)),
    authorizing_integration_owners: { "0": "0" },
    context: 1,
  };
}
