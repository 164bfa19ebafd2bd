import type { Directory } from "../../store/context.ts";
import { encodeNames, type MentionNotation } from "../../text/encode-names.ts";

const notation: MentionNotation = {
  user: (id) => `<@${id}>`,
  group: (id) => `<!subteam^${id}>`,
  broadcasts: { here: "<!here>", channel: "<!channel>", everyone: "<!everyone>" },
};

/** What a person typed, as Slack stores it: escaped, with `@name` of people and groups as mentions. */
export function encodeMessage(typed: string, directory: Pick<Directory, "users" | "groups">): string {
  const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return encodeNames(escaped, directory, notation);
}
