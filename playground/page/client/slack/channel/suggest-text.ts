import type { CommandHint } from "../../../page-settings.ts";
import { suggestPeople } from "../../channel/suggest-people.ts";
import type { Suggestions } from "../../channel/suggestions.ts";
import type { Directory } from "../../store/context.ts";

/** What the composer offers for a typed text: commands after a slash, people after an at sign at the end. */
export function suggestFor(
  typed: string,
  source: { readonly commands: readonly CommandHint[]; readonly directory: Directory },
): Suggestions | undefined {
  if (typed.startsWith("/")) return commandSuggestions(typed, source.commands);
  return suggestPeople(typed, source.directory);
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
