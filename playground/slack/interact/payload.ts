import type { Channel, Json } from "../model.ts";
import type { World } from "../world.ts";

/** The fields every interactive payload has. `user.team_id` is the home team, which differs for a stranger. */
export function basePayload(world: World, userId: string): Json {
  const person = world.directory.findUser(userId);
  return {
    token: "local-verification-token",
    api_app_id: world.settings.appId,
    team: { id: world.settings.teamId, domain: world.settings.teamDomain },
    user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Payloads do not tell the names of private places (Slack: slash commands). */
export function channelLabel(channel: Channel): string {
  if (channel.kind === "private") return "privategroup";
  return channel.kind === "im" ? "directmessage" : channel.name;
}
