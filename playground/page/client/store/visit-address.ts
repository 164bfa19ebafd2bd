import { platforms } from "../../page-state.ts";
import type { Visit } from "./ui-state.ts";

/** What `#sam` or `#discord/sam` asks for; a name alone is Slack's, where that is there. */
export function visitFrom(hash: string): Partial<Visit> {
  const [first = "", second] = decode(hash).split("/");
  const tab = platforms.find((platform) => platform === first);
  if (!tab) return { tab: "slack", ...(first === "" ? {} : { person: first }) };
  return { tab, ...(second ? { person: second } : {}) };
}

/** The address of a visit, so that two windows can be two people. */
export function addressOf({ tab, person }: Visit): string {
  const name = encodeURIComponent(person);
  return tab === "slack" ? `#${name}` : `#${tab}/${name}`;
}

function decode(hash: string): string {
  try {
    return decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return "";
  }
}
