import type { RegisteredCommand, Snapshot } from "../../../../discord/index.ts";
import type { Suggestions } from "../../channel/suggestions.ts";

export type CommandOption = RegisteredCommand["options"][number];

/** A command as one types it: with its group and subcommand. */
export interface CommandEntry {
  /** `db migrate`, without the slash. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
}

/** Kinds of option that lead to others ("Discord, Application Command Option Type"). */
const branches: readonly number[] = [1, 2];
const chatInput = 1;
const administrator = 1n << 3n;

/** What the person can type here. A guild's own command hides a global one of the same name. */
export function commandEntries(discord: Snapshot, userId: string): CommandEntry[] {
  const held = permissionsOf(discord, userId);
  const own = discord.commands.filter(({ type }) => type === chatInput);
  return own
    .filter((command) => isUsable(command, held))
    .filter(
      ({ name, guildId }) => guildId !== null || !own.some((other) => other.name === name && other.guildId),
    )
    .flatMap(entriesOf);
}

function entriesOf({ name, description, options }: CommandEntry): CommandEntry[] {
  const below = options.filter(({ type }) => branches.includes(type));
  if (below.length === 0) return [{ name, description, options }];
  return below.flatMap((option) =>
    entriesOf({ ...option, name: `${name} ${option.name}`, options: option.options ?? [] }),
  );
}

/** "0" is for administrators ("Discord, Application Command Permissions"). */
function isUsable({ defaultMemberPermissions: wanted }: RegisteredCommand, held: bigint): boolean {
  if (wanted === null || (held & administrator) !== 0n) return true;
  return wanted !== "0" && (held & BigInt(wanted)) === BigInt(wanted);
}

function permissionsOf({ users, roles, guild }: Snapshot, userId: string): bigint {
  const mine = [guild.id, ...(users.find(({ id }) => id === userId)?.roles ?? [])];
  return roles
    .filter(({ id }) => mine.includes(id))
    .reduce((sum, { permissions }) => sum | BigInt(permissions), 0n);
}

/** Commands that fit what is typed after a slash, by the beginning of any of their words. */
export function suggestCommands(typed: string, entries: readonly CommandEntry[]): Suggestions | undefined {
  if (!typed.startsWith("/")) return undefined;
  const word = typed.slice(1).toLowerCase();
  const fits = ({ name }: CommandEntry): boolean =>
    name.startsWith(word) || name.split(" ").some((part) => part.startsWith(word));
  const items = entries.filter(fits).map(({ name, description, options }) => ({
    key: name,
    title: `/${name}`,
    description,
    options: options.map((option) => ({ name: option.name, isRequired: option.required === true })),
    completed: `/${name} `,
  }));
  return items.length > 0 ? { heading: "Godwit", items } : undefined;
}
