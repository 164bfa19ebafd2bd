import type { APIAllowedMentions } from "discord.js";
import type { DiscordSupport } from "./config.ts";

/** Whatever the text says, nobody is called. Without this Discord parses every mention, everyone included. */
export const closedMentions: APIAllowedMentions = { parse: [] };

/** Lets the mention of support through, and no other. */
export function supportMentions({ role, users }: DiscordSupport): APIAllowedMentions {
  if (role !== undefined) return { parse: [], roles: [role] };
  return users.length > 0 ? { parse: [], users: users.slice(0, 100) } : closedMentions;
}
