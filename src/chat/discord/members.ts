import { GuildMemberFlags } from "discord.js";
import type { Member, MemberKind, Place } from "../../core/member.ts";
import type { PolicyLists } from "../../core/ports/chat.ts";
import type { DiscordConfig } from "./config.ts";
import type { Interaction } from "./interaction.ts";

/** What Godwit must know to tell who someone is. */
interface Home {
  readonly config: Pick<DiscordConfig, "guildId">;
  readonly policy: PolicyLists;
}

/** Who did something. Discord tells all of it with the action itself, so nothing is looked up or remembered. */
export function memberOf(
  { config, policy }: Home,
  interaction: Pick<Interaction, "guildId" | "user">,
): Member {
  const { user, guildId } = interaction;
  return {
    platform: "discord",
    workspace: guildId ?? "",
    id: user.id,
    name: user.name,
    kind: kindOf(interaction, config.guildId),
    groups: policy.groups.filter((role) => user.roles.includes(role)),
  };
}

export function placeOf({ guildId, channelId }: Interaction): Place {
  return { platform: "discord", workspace: guildId ?? "", channel: channelId };
}

/** Names someone together with their rights: what was suggested under other rights is not suggested again. */
export function askerOf({ workspace, id, kind, groups }: Member): string {
  return [workspace, id, kind, ...groups].join(" ");
}

/** Whether something was done in a server that Godwit serves. */
export function isAtHome(guildId: string | null, home: string | undefined): boolean {
  return guildId !== null && (home === undefined || guildId === home);
}

/** Someone who has not passed the server's rules screening is a guest still. */
function kindOf(
  { user, guildId }: Pick<Interaction, "guildId" | "user">,
  home: string | undefined,
): MemberKind {
  if (user.isBot) return "bot";
  if (!isAtHome(guildId, home)) return "external";
  if (user.isPending || (user.memberFlags & GuildMemberFlags.IsGuest) !== 0) return "guest";
  return "member";
}
