import type { Directory } from "../store/context.ts";

/** How a platform writes a mention. */
export interface MentionNotation {
  readonly user: (id: string) => string;
  readonly group: (id: string) => string;
  /** Names that mean everyone, and how they are written. */
  readonly broadcasts: Readonly<Record<string, string>>;
}

/** What a person typed, with `@name` of people and groups as mentions in the platform's own notation. */
export function encodeNames(
  typed: string,
  { users, groups }: Pick<Directory, "users" | "groups">,
  notation: MentionNotation,
): string {
  return typed.replaceAll(/(?<![\p{L}\p{N}])@([\p{L}\p{N}._-]*[\p{L}\p{N}])/gu, (whole, name: string) => {
    if (Object.hasOwn(notation.broadcasts, name)) return notation.broadcasts[name] ?? whole;
    const user = [...users.values()].find((candidate) => candidate.name === name);
    if (user) return notation.user(user.id);
    const group = [...groups.values()].find(({ handle }) => handle === name);
    return group ? notation.group(group.id) : whole;
  });
}
