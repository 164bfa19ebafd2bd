import type { Inline, Text } from "../message.ts";
import { tidy } from "../tidy.ts";
import type { DiscordSupport } from "./config.ts";
import { escapeMarkdown, inlineCode } from "./escape.ts";

/** What would end the address of a link. */
const ENDS_LINK = /[\s()<>]/gu;
const ID = /^\d{15,20}$/u;

/** Pieces of text as Discord's markdown on one line. */
export function markdownLine(text: Text, support: DiscordSupport): string {
  return markdown(text, support)
    .replaceAll(/\s*\n\s*/gu, " ")
    .trim();
}

/** Pieces of text as Discord's markdown; nothing from outside is ever parsed. */
export function markdown(text: Text, support: DiscordSupport): string {
  return text.map((inline) => markdownInline(inline, support)).join("");
}

function markdownInline(inline: Inline, support: DiscordSupport): string {
  if (typeof inline === "string") return escapeMarkdown(inline);
  switch (inline.kind) {
    case "bold":
      return boldMarkdown(inline.text);
    case "code":
      return inlineCode(inline.text);
    case "time":
      return `<t:${Math.floor(inline.at.getTime() / 1000)}:${inline.isFull ? "F" : "f"}>`;
    case "link":
      return linkMarkdown(inline.text, inline.url);
    case "person":
      return inline.actor.platform === "discord" && ID.test(inline.actor.id)
        ? `<@${inline.actor.id}>`
        : escapeMarkdown(tidy(inline.actor.name));
    case "channel":
      return ID.test(inline.id) ? `<#${inline.id}>` : "the channel";
    case "support":
      return supportMarkdown(support);
  }
}

/** A role, else people, else words with the address that the configuration names. */
function supportMarkdown({ role, users, email }: DiscordSupport): string {
  if (role !== undefined) return `<@&${role}>`;
  if (users.length > 0) return users.map((id) => `<@${id}>`).join(" ");
  return email === undefined ? "Support" : `Support (${escapeMarkdown(email)})`;
}

function boldMarkdown(text: string): string {
  const escaped = escapeMarkdown(text).trim();
  return escaped === "" ? "" : `${/^\s/u.test(text) ? " " : ""}**${escaped}**${/\s$/u.test(text) ? " " : ""}`;
}

function linkMarkdown(text: string, url: string): string {
  if (!/^https?:\/\//u.test(url)) return escapeMarkdown(text);
  return `[${escapeMarkdown(text)}](${url.replaceAll(ENDS_LINK, percentEncoded)})`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
