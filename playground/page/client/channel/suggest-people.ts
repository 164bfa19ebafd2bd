import type { Directory } from "../store/context.ts";
import type { Suggestions } from "./suggestions.ts";

const mentionsShown = 6;

/** People and groups, after an at sign at the end of what is typed. */
export function suggestPeople(typed: string, directory: Directory): Suggestions | undefined {
  const at = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(typed);
  if (!at) return undefined;
  const name = at[1] ?? "";
  return mentionSuggestions(typed.slice(0, typed.length - name.length), name, directory);
}

function mentionSuggestions(before: string, name: string, directory: Directory): Suggestions | undefined {
  const users = [...directory.users.values()].filter(({ isGone }) => !isGone);
  const people = users.map((user) => ({ name: user.name, description: user.displayName }));
  const groups = [...directory.groups.values()].map((group) => ({
    name: group.handle,
    description: group.title,
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
