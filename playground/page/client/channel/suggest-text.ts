import type { CommandHint } from "../../page-settings.ts";
import type { Directory } from "../store/context.ts";

/** One line above the composer. */
export interface Suggestion {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** The whole text once it is taken. */
  readonly completed: string;
}

export interface Suggestions {
  readonly heading: string;
  readonly items: readonly Suggestion[];
}

const mentionsShown = 6;

/** What the composer offers for a typed text: commands after a slash, people after an at sign at the end. */
export function suggestFor(
  typed: string,
  source: { readonly commands: readonly CommandHint[]; readonly directory: Directory },
): Suggestions | undefined {
  if (typed.startsWith("/")) return commandSuggestions(typed, source.commands);
  const at = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(typed);
  if (!at) return undefined;
  return mentionSuggestions(
    typed.slice(0, typed.length - (at[1] ?? "").length),
    at[1] ?? "",
    source.directory,
  );
}

/** The usage of a command that is typed in full, to be shown while its arguments are typed. */
export function commandHint(typed: string, commands: readonly CommandHint[]): CommandHint | undefined {
  return commands.find(({ usage }) => typed === commandOf(usage) || typed.startsWith(`${commandOf(usage)} `));
}

/** `/db migrate` of `/db migrate [add-on]`. */
function commandOf(usage: string): string {
  return usage.replace(/\s*[[<].*$/, "");
}

function commandSuggestions(typed: string, commands: readonly CommandHint[]): Suggestions | undefined {
  const items = commands
    .filter(({ usage }) => commandOf(usage).startsWith(typed) && commandOf(usage) !== typed)
    .map(({ usage, description }) => ({
      key: usage,
      title: usage,
      description,
      completed: usage === commandOf(usage) ? usage : `${commandOf(usage)} `,
    }));
  return items.length > 0 ? { heading: "Godwit", items } : undefined;
}

function mentionSuggestions(before: string, name: string, directory: Directory): Suggestions | undefined {
  const users = [...directory.users.values()].filter(({ deleted }) => !deleted);
  const people = users.map((user) => ({ name: user.name, description: user.realName }));
  const groups = [...directory.groups.values()].map((group) => ({
    name: group.handle,
    description: group.name,
  }));
  const items = [...people, ...groups]
    .filter((candidate) =>
      `${candidate.name} ${candidate.description}`.toLowerCase().includes(name.toLowerCase()),
    )
    .slice(0, mentionsShown)
    .map((candidate) => ({
      key: candidate.name,
      title: `@${candidate.name}`,
      description: candidate.description,
      completed: `${before}${candidate.name} `,
    }));
  return items.length > 0 ? { heading: "People", items } : undefined;
}
