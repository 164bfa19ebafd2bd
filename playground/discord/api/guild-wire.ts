import type { Json, Role } from "../model.ts";
import type { World } from "../world.ts";

/** What no app here looks at; discord.js wants the fields. */
const constants = {
  icon: null,
  icon_hash: null,
  splash: null,
  discovery_splash: null,
  banner: null,
  description: null,
  application_id: null,
  region: "deprecated",
  afk_channel_id: null,
  afk_timeout: 300,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  public_updates_channel_id: null,
  safety_alerts_channel_id: null,
  widget_enabled: false,
  widget_channel_id: null,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  mfa_level: 0,
  nsfw: false,
  nsfw_level: 0,
  premium_tier: 0,
  premium_subscription_count: 0,
  premium_progress_bar_enabled: false,
  preferred_locale: "en-US",
  vanity_url_code: null,
  max_members: 500_000,
  max_presences: null,
  max_video_channel_users: 25,
  max_stage_video_channel_users: 50,
  emojis: [],
  stickers: [],
  features: [],
  hub_type: null,
  incidents_data: null,
};

/** The guild in the shape Discord sends ("Discord, Guild Object"). */
export function guildWire(world: World): Json {
  const { settings, directory } = world;
  return {
    id: settings.guildId,
    name: settings.guildName,
    owner_id: settings.ownerId,
    ...constants,
    roles: [...directory.roles.values()].map(roleWire),
  };
}

/** A role in the shape Discord sends ("Discord, Role Object"). */
export function roleWire(role: Role): Json {
  return {
    id: role.id,
    name: role.name,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: role.position,
    permissions: role.permissions,
    managed: false,
    mentionable: role.mentionable,
    flags: 0,
  };
}
