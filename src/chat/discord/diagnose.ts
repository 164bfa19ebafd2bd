import { PermissionFlagsBits, type REST, Routes } from "discord.js";
import { z } from "zod";
import type { CommandSummary } from "../../core/command.ts";
import type { Diagnosis } from "../../core/ports/provider.ts";
import { missingFrom, WANTED_PERMISSIONS } from "./channel-rights.ts";
import { commandsState } from "./commands.ts";
import type { DiscordConfig } from "./config.ts";
import { discordCode } from "./errors.ts";

/** Connections that should be left for today, so that a restart does not lock the bot out. */
const FEW_CONNECTIONS = 5;

interface Examined {
  readonly rest: REST;
  readonly config: DiscordConfig;
  readonly commands: readonly CommandSummary[];
}

/** The server that Godwit serves, as far as it can be read. */
interface Server {
  readonly roles: readonly z.infer<typeof role>[];
  /** What the bot may do in the whole server, bits. */
  readonly permissions: bigint;
}

const role = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.string(),
  mentionable: z.boolean(),
});
const application = z.object({ id: z.string(), name: z.string() });
const gateway = z.object({ session_start_limit: z.object({ total: z.int(), remaining: z.int() }) });

/** Lines of `godwit doctor`: the token, the gateway, the server, its permissions, the commands, and support. */
export async function diagnoseDiscord(examined: Examined): Promise<readonly Diagnosis[]> {
  examined.rest.setToken(examined.config.token);
  const token = await diagnoseToken(examined);
  if (!token.ok) return [token];
  const lines = [token, await diagnoseGateway(examined)];
  const { server, diagnoses } = await diagnoseServer(examined);
  return [...lines, ...diagnoses, await diagnoseCommands(examined), diagnoseSupport(examined.config, server)];
}

async function diagnoseToken({ rest, config }: Examined): Promise<Diagnosis> {
  const subject = "Discord bot token";
  try {
    const { id, name } = application.parse(await rest.get(Routes.currentApplication()));
    if (id === config.applicationId) return { subject, ok: true, detail: `of the application ${name}` };
    const remedy = "Set DISCORD_APPLICATION_ID and DISCORD_TOKEN to those of one application.";
    return { subject, ok: false, detail: `of the application ${id}, not ${config.applicationId}`, remedy };
  } catch (error) {
    const remedy = "Check DISCORD_TOKEN and DISCORD_API_URL, and that this machine reaches Discord.";
    return { subject, ok: false, detail: troubleOf(error), remedy };
  }
}

async function diagnoseGateway({ rest }: Examined): Promise<Diagnosis> {
  const subject = "Discord gateway";
  try {
    const { total, remaining } = gateway.parse(await rest.get(Routes.gatewayBot())).session_start_limit;
    const detail = `${remaining} of ${total} connections are left for today`;
    if (remaining > FEW_CONNECTIONS) return { subject, ok: true, detail };
    const remedy =
      "Find out why Godwit restarts so often, and wait a day: past the limit the token is reset.";
    return { subject, ok: false, detail, remedy };
  } catch (error) {
    return { subject, ok: false, detail: troubleOf(error), remedy: "Run godwit doctor again." };
  }
}

async function diagnoseServer({
  rest,
  config,
}: Examined): Promise<{ readonly server: Server | null; readonly diagnoses: readonly Diagnosis[] }> {
  const subject = "Discord server";
  const { guildId } = config;
  if (guildId === undefined) {
    const detail = "every server that Godwit was invited to; nothing else of them is checked";
    return { server: null, diagnoses: [{ subject, ok: true, detail }] };
  }
  try {
    const { name } = z.object({ name: z.string() }).parse(await rest.get(Routes.guild(guildId)));
    const server = await readServer(rest, { guildId, botId: config.applicationId });
    return { server, diagnoses: [{ subject, ok: true, detail: name }, diagnosePermissions(server)] };
  } catch (error) {
    const remedy = `Check DISCORD_GUILD_ID and invite Godwit: ${inviteOf(config)}`;
    return { server: null, diagnoses: [{ subject, ok: false, detail: troubleOf(error), remedy }] };
  }
}

async function readServer(
  rest: REST,
  ids: { readonly guildId: string; readonly botId: string },
): Promise<Server> {
  const roles = z.array(role).parse(await rest.get(Routes.guildRoles(ids.guildId)));
  const member = z
    .object({ roles: z.array(z.string()) })
    .parse(await rest.get(Routes.guildMember(ids.guildId, ids.botId)));
  const held = new Set([ids.guildId, ...member.roles]);
  const permissions = roles
    .filter(({ id }) => held.has(id))
    .reduce((bits, { permissions: more }) => bits | BigInt(more), 0n);
  return { roles, permissions };
}

/** Channels may allow or forbid each of them anew, so a lack here is no failure. */
function diagnosePermissions({ permissions }: Server): Diagnosis {
  const subject = "Discord permissions";
  const missing = missingFrom(permissions);
  if (missing.length === 0) return { subject, ok: true, detail: "granted in the whole server" };
  const detail = `not granted in the whole server: ${missing.join(", ")}; each channel must allow them`;
  return { subject, ok: true, detail };
}

async function diagnoseCommands(examined: Examined): Promise<Diagnosis> {
  const subject = "Discord commands";
  try {
    const { isCurrent, hash, isRegisteredTwice } = await commandsState(examined);
    if (!isCurrent) {
      const remedy = "Run godwit commands deploy, or start Godwit.";
      return { subject, ok: false, detail: "/db is missing or not as it should be", remedy };
    }
    if (!isRegisteredTwice) return { subject, ok: true, detail: `/db is up to date (${hash})` };
    const remedy =
      "Delete the application's global commands, or unset DISCORD_GUILD_ID and delete those of the server.";
    return { subject, ok: false, detail: "/db is registered globally too, so people see it twice", remedy };
  } catch (error) {
    const remedy = `Invite Godwit with the scope applications.commands: ${inviteOf(examined.config)}`;
    return { subject, ok: false, detail: troubleOf(error), remedy };
  }
}

function diagnoseSupport({ support }: DiscordConfig, server: Server | null): Diagnosis {
  const subject = "Discord support";
  if (support.role !== undefined) return diagnoseRole(support.role, server);
  if (support.users.length > 0)
    return { subject, ok: true, detail: `${support.users.length} users are mentioned` };
  const remedy = "Set support.discord.role or support.discord.users in godwit.yaml.";
  return { subject, ok: false, detail: "nobody is mentioned when a migration fails", remedy };
}

/** A mention of a role that is not mentionable reaches nobody, silently. */
function diagnoseRole(id: string, server: Server | null): Diagnosis {
  const subject = "Discord support";
  if (server === null) return { subject, ok: true, detail: `role ${id}, not checked` };
  const found = server.roles.find((known) => known.id === id);
  if (found === undefined) {
    const remedy = "Correct support.discord.role: copy the role's ID in the server's settings.";
    return { subject, ok: false, detail: `there is no role ${id}`, remedy };
  }
  const mayMentionAll = (server.permissions & MENTIONS_ALL) !== 0n;
  if (found.mentionable || mayMentionAll)
    return { subject, ok: true, detail: `@${found.name} can be mentioned` };
  const remedy =
    "Allow anyone to mention the role in the server's settings, or grant Godwit Mention Everyone.";
  return { subject, ok: false, detail: `a mention of @${found.name} reaches nobody`, remedy };
}

const MENTIONS_ALL = PermissionFlagsBits.MentionEveryone | PermissionFlagsBits.Administrator;

function inviteOf({ applicationId }: DiscordConfig): string {
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${WANTED_PERMISSIONS}`;
}

function troubleOf(error: unknown): string {
  const code = discordCode(error);
  return code === null ? "Discord cannot be reached" : `Discord answers ${code}`;
}
