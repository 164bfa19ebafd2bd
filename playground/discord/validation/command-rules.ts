import type { Call } from "../api/route.ts";
import type { CommandOption, Json } from "../model.ts";
import { type Finding, finding } from "./finding.ts";

type Path = readonly (string | number)[];

/** "Discord, Application Command Naming". */
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
/** Characters of names, descriptions and values of a command ("Discord, Application Commands"). */
const sizeLimit = 8000;
const commandLimit = 100;
/** Types that hold other options. */
const nesting: ReadonlySet<number> = new Set([1, 2]);

/** Rules for command registration that the schema misses. */
export function commandRules({ body }: Call): readonly Finding[] {
  const commands = body as unknown as readonly Json[];
  const tooMany = `Must be ${commandLimit} or fewer in length.`;
  return [
    ...(commands.length > commandLimit ? [finding([], "BASE_TYPE_MAX_LENGTH", tooMany)] : []),
    ...commands.flatMap((command, index) => rulesOf(command, [index])),
    ...duplicateNames(commands, []),
  ];
}

function rulesOf(command: Json, path: Path): Finding[] {
  /** Only slash commands are bound to the pattern; names in context menus may have spaces. */
  const isSlash = (command.type ?? 1) === 1;
  if (!isSlash) return [];
  const options = (command.options ?? []) as readonly CommandOption[];
  return [
    ...nameRules(String(command.name), path),
    ...descriptionRules(command.description, path),
    ...sizeRules(command, path),
    ...optionRules(options, path),
  ];
}

function nameRules(name: string, path: Path): Finding[] {
  if (namePattern.test(name) && name === name.toLowerCase()) return [];
  return [finding([...path, "name"], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")];
}

function descriptionRules(description: unknown, path: Path): Finding[] {
  if (typeof description === "string" && description !== "") return [];
  return [finding([...path, "description"], "BASE_TYPE_REQUIRED", "This field is required")];
}

function optionRules(options: readonly CommandOption[], path: Path): Finding[] {
  const firstOptional = options.findIndex((option) => !nesting.has(option.type) && option.required !== true);
  const isMixed =
    options.some(({ type }) => nesting.has(type)) && options.some(({ type }) => !nesting.has(type));
  const message = "Sub-commands and options cannot stand side by side";
  return [
    ...(isMixed ? [finding([...path, "options"], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)] : []),
    ...duplicateNames(options as unknown as readonly Json[], [...path, "options"]),
    ...options.flatMap((option, index) => {
      const here = [...path, "options", index];
      return [
        ...nameRules(option.name, here),
        ...ownRules(option, here, firstOptional !== -1 && index > firstOptional),
        ...optionRules(option.options ?? [], here),
      ];
    }),
  ];
}

function ownRules(option: CommandOption, path: Path, isAfterOptional: boolean): Finding[] {
  const isBoth = option.autocomplete === true && (option.choices ?? []).length > 0;
  const order = "Required options must be placed before non-required options";
  const both = "Choices and autocomplete exclude each other";
  return [
    ...(isAfterOptional && option.required === true
      ? [finding([...path, "required"], "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", order)]
      : []),
    ...(isBoth ? [finding([...path, "autocomplete"], "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", both)] : []),
    ...duplicateNames((option.choices ?? []) as unknown as readonly Json[], [...path, "choices"]),
  ];
}

function duplicateNames(named: readonly Json[], path: Path): Finding[] {
  const seen = new Set<string>();
  return named.flatMap(({ name, type }, index) => {
    const key = path.length === 0 ? `${Number(type ?? 1)} ${String(name)}` : String(name);
    const isNew = !seen.has(key);
    seen.add(key);
    const here = [...path, index, "name"];
    return isNew
      ? []
      : [finding(here, "APPLICATION_COMMAND_NAME_ALREADY_EXISTS", "The name is already used")];
  });
}

function sizeRules(command: Json, path: Path): Finding[] {
  const size = sizeOf(command);
  if (size <= sizeLimit) return [];
  const message = `Command exceeds maximum size (${sizeLimit})`;
  return [finding(path, "APPLICATION_COMMAND_TOO_LARGE", message)];
}

/** The longest localisation counts where there are some. */
function sizeOf(part: Json): number {
  const own = ["name", "description"].map((key) => {
    const localized = Object.values((part[`${key}_localizations`] ?? {}) as Record<string, string>);
    return Math.max(lengthOf(part[key]), ...localized.map(lengthOf));
  });
  const inner = [...((part.options ?? []) as Json[]), ...((part.choices ?? []) as Json[])];
  return [...own, lengthOf(part.value), ...inner.map(sizeOf)].reduce((sum, size) => sum + size, 0);
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}
