import type { Directory } from "../store/context.ts";

/** What a person typed, as Slack stores it: escaped, with `@name` of people and groups as mentions. */
export function encodeMessage(typed: string, { users, groups }: Pick<Directory, "users" | "groups">): string {
  const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replaceAll(/(?<![\p{L}\p{N}])@([\p{L}\p{N}._-]*[\p{L}\p{N}])/gu, (whole, name: string) => {
    if (["here", "channel", "everyone"].includes(name)) return `<!${name}>`;
    const user = [...users.values()].find((candidate) => candidate.name === name);
    if (user) return `<@${user.id}>`;
    const group = [...groups.values()].find(({ handle }) => handle === name);
    return group ? `<!subteam^${group.id}>` : whole;
  });
}
