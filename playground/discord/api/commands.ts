import type { CommandOption, Json, RegisteredCommand } from "../model.ts";
import { refuse } from "../refusal.ts";
import { commandRules } from "../validation/command-rules.ts";
import type { World } from "../world.ts";
import { type Answer, type Call, defineRoute, ok, param } from "./route.ts";

/** "Discord, Bulk Overwrite Global Application Commands": a list; what is not in it is deleted. */
export const putGlobalCommands = defineRoute({
  name: "PUT /applications/{application}/commands",
  auth: "bot",
  limit: "other",
  schema: () => "commands",
  rules: commandRules,
  run: (call) => overwrite(call, null),
});

export const putGuildCommands = defineRoute({
  name: "PUT /applications/{application}/guilds/{guild}/commands",
  auth: "bot",
  limit: "other",
  schema: () => "commands",
  rules: commandRules,
  run: (call) => overwrite(call, call.world.settings.guildId),
});

export const getGlobalCommands = defineRoute({
  name: "GET /applications/{application}/commands",
  auth: "bot",
  limit: "other",
  run: (call) => list(call, null),
});

export const getGuildCommands = defineRoute({
  name: "GET /applications/{application}/guilds/{guild}/commands",
  auth: "bot",
  limit: "other",
  run: (call) => list(call, call.world.settings.guildId),
});

function overwrite(call: Call, guildId: string | null): Answer {
  requirePlace(call);
  const { commands, feed } = call.world;
  const known = new Map(commands.in(guildId).map((command) => [command.name, command.id]));
  const bodies = call.body as unknown as readonly Json[];
  commands.overwrite(
    guildId,
    bodies.map((body) => register(call.world, body, { guildId, id: known.get(String(body.name)) })),
  );
  feed.emit({ kind: "commands-registered", commands: commands.all });
  return list(call, guildId);
}

/** An id stays with its name ("Discord, Application Commands"). */
function register(
  world: World,
  body: Json,
  place: { guildId: string | null; id: string | undefined },
): RegisteredCommand {
  const permissions = body.default_member_permissions;
  return {
    id: place.id ?? world.ids.next(),
    version: world.ids.next(),
    guildId: place.guildId,
    type: Number(body.type ?? 1),
    name: String(body.name),
    description: typeof body.description === "string" ? body.description : "",
    options: (body.options ?? []) as readonly CommandOption[],
    defaultMemberPermissions:
      typeof permissions === "string" || typeof permissions === "number" ? String(permissions) : null,
    contexts: (body.contexts ?? null) as readonly number[] | null,
    raw: body,
  };
}

function list(call: Call, guildId: string | null): Answer {
  requirePlace(call);
  const withLocalizations = call.query.get("with_localizations") === "true";
  return ok(
    call.world.commands.in(guildId).map((command) => commandWire(call.world, command, withLocalizations)),
  );
}

function requirePlace(call: Call): void {
  const { settings } = call.world;
  if (param(call, "application") !== settings.applicationId) refuse("unknownApplication");
  if ((call.params.guild ?? settings.guildId) !== settings.guildId) refuse("missingAccess");
}

function commandWire(world: World, command: RegisteredCommand, withLocalizations: boolean): Json {
  const { raw } = command;
  const localizations = withLocalizations
    ? {
        name_localizations: raw.name_localizations ?? null,
        description_localizations: raw.description_localizations ?? null,
      }
    : {};
  return {
    id: command.id,
    application_id: world.settings.applicationId,
    version: command.version,
    type: command.type,
    name: command.name,
    description: command.description,
    ...localizations,
    default_member_permissions: command.defaultMemberPermissions,
    dm_permission: raw.dm_permission ?? true,
    contexts: command.contexts,
    integration_types: raw.integration_types ?? [0],
    nsfw: raw.nsfw ?? false,
    ...(command.options.length === 0 ? {} : { options: command.options }),
    ...(command.guildId === null ? {} : { guild_id: command.guildId }),
  };
}
