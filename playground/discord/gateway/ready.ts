import { channelWire } from "../api/channel-wire.ts";
import { guildWire } from "../api/guild-wire.ts";
import { memberWire, userWire } from "../api/person-wire.ts";
import type { Json } from "../model.ts";
import type { World } from "../world.ts";
import type { SessionTerms } from "./session.ts";

export function readyPayload(world: World, terms: SessionTerms): Json {
  const { settings, directory } = world;
  return {
    v: 10,
    user: { ...userWire(directory.findUser(settings.applicationId)), verified: true, mfa_enabled: false },
    guilds: [{ id: settings.guildId, unavailable: true }],
    session_id: terms.id,
    resume_gateway_url: world.origin.replace(/^http/, "ws"),
    shard: terms.shard,
    application: { id: settings.applicationId, flags: 0 },
    session_type: "normal",
    _trace: ["local"],
  };
}

export function guildCreatePayload(world: World): Json {
  const { settings, directory } = world;
  const channels = [...directory.channels.values()].filter(
    ({ hasBot, isDeleted, kind }) => hasBot && !isDeleted && kind !== "dm",
  );
  return {
    ...guildWire(world),
    joined_at: new Date(directory.findUser(settings.applicationId).joinedAtMs).toISOString(),
    large: false,
    unavailable: false,
    member_count: [...directory.users.values()].filter(({ isMember }) => isMember).length,
    voice_states: [],
    members: [memberWire(directory.findUser(settings.applicationId))],
    channels: channels.filter(({ thread }) => thread === null).map((channel) => channelWire(world, channel)),
    threads: channels
      .filter(({ thread }) => thread !== null && !thread.isArchived)
      .map((channel) => channelWire(world, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
