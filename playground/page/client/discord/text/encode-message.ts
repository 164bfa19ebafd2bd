import type { Directory } from "../../store/context.ts";
import { encodeNames, type MentionNotation } from "../../text/encode-names.ts";

const notation: MentionNotation = {
  user: (id) => `<@${id}>`,
  group: (id) => `<@&${id}>`,
  broadcasts: { here: "@here", everyone: "@everyone" },
};

/** What a person typed, as Discord stores it: with `@name` of people and roles as mentions. */
export function encodeMessage(typed: string, directory: Pick<Directory, "users" | "groups">): string {
  return encodeNames(typed, directory, notation);
}
