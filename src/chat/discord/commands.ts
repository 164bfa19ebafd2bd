import { createHash } from "node:crypto";
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type REST,
  Routes,
} from "discord.js";
import { z } from "zod";
import type { CommandOption, CommandSummary } from "../../core/command.ts";
import type { CommandDeployment } from "../../core/ports/chat.ts";
import { clip } from "../tidy.ts";
import type { DiscordConfig } from "./config.ts";

const NAME = "db";
const DESCRIPTION = "Migrate managed databases";
/** Limits of chat-input commands (Discord, "Application Commands"): 25 subcommands, 100 characters of a description. */
const SUBCOMMANDS = 25;
const CHARACTERS = 100;

interface Registration {
  readonly rest: REST;
  readonly config: Pick<DiscordConfig, "applicationId" | "guildId">;
  readonly commands: readonly CommandSummary[];
}

/** How Discord's list stands to ours; `elsewhere` tells of a second `/db`, which people would see twice. */
export interface CommandsState {
  readonly isCurrent: boolean;
  readonly hash: string;
  readonly isRegisteredTwice: boolean;
}

/** Registers `/db` where the configuration says, unless Discord has it exactly so already. */
export async function deployCommands(registration: Registration): Promise<CommandDeployment> {
  const { rest, config } = registration;
  const payload = commandsPayload(registration);
  const scope = config.guildId === undefined ? "globally" : `in the server ${config.guildId}`;
  const registered = await rest.get(routeOf(config), { query: withLocalizations() });
  if (hashOf(registered) === hashOf(payload))
    return { kind: "unchanged", detail: `/${NAME} is registered ${scope} as it should be.` };
  await rest.put(routeOf(config), { body: payload });
  return {
    kind: "deployed",
    detail: `/${NAME} is registered ${scope} with ${payload[0]?.options.length} subcommands.`,
  };
}

/** Compares without changing anything. */
export async function commandsState(registration: Registration): Promise<CommandsState> {
  const { rest, config } = registration;
  const hash = hashOf(commandsPayload(registration));
  const registered = await rest.get(routeOf(config), { query: withLocalizations() });
  const others =
    config.guildId === undefined ? [] : await rest.get(Routes.applicationCommands(config.applicationId));
  const isRegisteredTwice = z
    .array(z.object({ name: z.string() }))
    .parse(others)
    .some(({ name }) => name === NAME);
  return { isCurrent: hashOf(registered) === hash, hash: hash.slice(0, 12), isRegisteredTwice };
}

/** The whole list of the application's commands: one, with a subcommand for each of Godwit's. */
function commandsPayload({ config, commands }: Registration) {
  const scope = config.guildId === undefined ? GLOBAL : {};
  return [
    {
      type: ApplicationCommandType.ChatInput,
      name: NAME,
      description: DESCRIPTION,
      ...scope,
      options: commands.slice(0, SUBCOMMANDS).map((command) => ({
        type: ApplicationCommandOptionType.Subcommand,
        name: command.name.toLowerCase(),
        description: clip(command.description, CHARACTERS),
        options: command.options.map(optionOf),
      })),
    },
  ];
}

/** Of a server's own commands Discord ignores these. */
const GLOBAL = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};

function optionOf(option: CommandOption) {
  return {
    type: ApplicationCommandOptionType.String,
    name: option.name.toLowerCase(),
    description: clip(option.description, CHARACTERS),
    required: option.isRequired,
    autocomplete: true,
  };
}

function routeOf({ applicationId, guildId }: Registration["config"]): `/${string}` {
  if (guildId === undefined) return Routes.applicationCommands(applicationId);
  return Routes.applicationGuildCommands(applicationId, guildId);
}

function withLocalizations(): URLSearchParams {
  return new URLSearchParams({ with_localizations: "true" });
}

const normalOption = z.object({
  type: z.int(),
  name: z.string(),
  description: z.string(),
  required: z.boolean().default(false),
  autocomplete: z.boolean().default(false),
});
const normalCommand = z.object({
  type: z.int().default(1),
  name: z.string(),
  description: z.string(),
  contexts: z.array(z.int()).nullish().transform(sorted),
  integration_types: z.array(z.int()).nullish().transform(sorted),
  default_member_permissions: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
  name_localizations: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? null),
  description_localizations: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? null),
  options: z.array(normalOption.extend({ options: z.array(normalOption).default([]) })).default([]),
});

/** Discord fills in what we leave out and adds IDs and versions, so both sides are brought to one form first. */
function hashOf(commands: unknown): string {
  const normal = z.array(normalCommand).parse(commands).map(inServerForm);
  return createHash("sha256").update(JSON.stringify(normal)).digest("hex");
}

/** Contexts other than servers alone are kept, so that they count as a difference. */
function inServerForm(command: z.infer<typeof normalCommand>) {
  const isPlain = (values: readonly number[]): boolean => values.length === 0 || values.join() === "0";
  const contexts = isPlain(command.contexts) ? [0] : command.contexts;
  const installs = isPlain(command.integration_types) ? [0] : command.integration_types;
  return { ...command, contexts, integration_types: installs };
}

function sorted(values: readonly number[] | null | undefined): readonly number[] {
  return [...(values ?? [])].sort((left, right) => left - right);
}
