import type { CommandOption, RegisteredCommand } from "../model.ts";

/** Options that lead to others: subcommand and group ("Discord, Application Command Option Type"). */
const subcommand = 1;
const group = 2;

export type TypedValue = string | number | boolean;

export interface TypedCommand {
  readonly command: RegisteredCommand;
  /** `db migrate` */
  readonly name: string;
  /** Subcommand and group on the way, outermost first. */
  readonly path: readonly CommandOption[];
  /** What the innermost takes. */
  readonly options: readonly CommandOption[];
  /** As typed, in order of the options as they were typed. */
  readonly values: ReadonlyMap<CommandOption, string>;
}

/**
 * Reads `/db migrate addon:orders` or `/db migrate orders` as the client's command bar would.
 * @throws Error when there is no such command, subcommand or option
 */
export function parseCommand(
  find: (name: string) => RegisteredCommand | undefined,
  text: string,
  given: Readonly<Record<string, TypedValue>> = {},
): TypedCommand {
  if (!text.startsWith("/")) throw new Error(`a slash command begins with "/": ${text}`);
  const [first = "", ...words] = text
    .slice(1)
    .split(" ")
    .filter((word) => word !== "");
  const command = find(first);
  if (!command) throw new Error(`there is no command "/${first}"`);
  const path: CommandOption[] = [];
  let options = command.options;
  while (options.some(({ type }) => type === subcommand || type === group)) {
    const next = pickSubcommand(options, words.shift(), [first, ...path.map(({ name }) => name)]);
    path.push(next);
    options = next.options ?? [];
  }
  const name = [first, ...path.map(({ name }) => name)].join(" ");
  const values = readValues(name, options, words);
  for (const [key, value] of Object.entries(given)) values.set(pickNamed(name, options, key), String(value));
  return { command, name, path, options, values };
}

function pickSubcommand(
  options: readonly CommandOption[],
  word: string | undefined,
  path: readonly string[],
): CommandOption {
  const found = options.find(({ name }) => name === word);
  if (found) return found;
  const list = options.map(({ name }) => name).join(", ");
  throw new Error(`"/${path.join(" ")}" has no subcommand "${word ?? ""}". There are: ${list}`);
}

/** A word `name:` begins the named option and runs up to the next one; other words fill the rest in order. */
function readValues(
  name: string,
  options: readonly CommandOption[],
  words: readonly string[],
): Map<CommandOption, string> {
  const values = new Map<CommandOption, string>();
  let current: CommandOption | undefined;
  for (const word of words) {
    const named = options.find((option) => word.startsWith(`${option.name}:`));
    if (named) {
      current = named;
      values.set(named, word.slice(named.name.length + 1));
    } else if (current) {
      values.set(current, [values.get(current), word].filter(Boolean).join(" "));
    } else {
      values.set(nextOption(name, options, { values, word }), word);
    }
  }
  return values;
}

function nextOption(
  name: string,
  options: readonly CommandOption[],
  typed: { values: ReadonlyMap<CommandOption, string>; word: string },
): CommandOption {
  const next = options.find((option) => !typed.values.has(option));
  if (next) return next;
  throw new Error(`"/${name}" takes no further option for "${typed.word}". It takes: ${list(options)}`);
}

function pickNamed(name: string, options: readonly CommandOption[], key: string): CommandOption {
  const found = options.find((option) => option.name === key);
  if (found) return found;
  throw new Error(`"/${name}" has no option "${key}". It takes: ${list(options)}`);
}

function list(options: readonly CommandOption[]): string {
  return options.map(({ name }) => name).join(", ") || "none";
}
