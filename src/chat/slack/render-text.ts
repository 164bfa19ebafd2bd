import type { Inline, Text } from "../message.ts";
import { plainTime } from "../render-plain.ts";
import { clean, clip } from "../tidy.ts";
import type { RichTextElement, RichTextSection } from "./blocks.ts";
import type { SlackSupport } from "./config.ts";
import { escapeMrkdwn } from "./escape.ts";

/** Longest text of one element; far below what Slack takes, far above what anyone reads. */
const ELEMENT_LIMIT = 2000;
const DATE_FORMAT = "{date_short_pretty} at {time}";
const FULL_FORMAT = "{date_long_pretty} at {time}";

/** Pieces of text as rich_text elements: the only form in which nothing from outside is ever parsed. */
function richElements(text: Text, support: SlackSupport): RichTextElement[] {
  return text.flatMap((inline) => richElement(inline, support));
}

/** A section of rich text; never empty, since Slack refuses that. */
export function richSection(text: Text, support: SlackSupport): RichTextSection {
  const elements = richElements(text, support);
  return {
    type: "rich_text_section",
    elements: elements.length > 0 ? elements : [{ type: "text", text: " " }],
  };
}

/** Slack's notation of a moment, shown in the reader's zone (Slack, "Formatting text", date parsing). */
export function mrkdwnTime(at: Date, isFull = false): string {
  return `<!date^${unixSeconds(at)}^${isFull ? FULL_FORMAT : DATE_FORMAT}|${plainTime(at)}>`;
}

/** A piece of text for the top-level `text` alone, where blocks are refused: escaped, and mentions still reach people. */
export function mrkdwnInline(inline: Inline, support: SlackSupport): string {
  if (typeof inline === "string") return escapeMrkdwn(inline, ELEMENT_LIMIT);
  switch (inline.kind) {
    case "bold":
    case "code":
      return escapeMrkdwn(inline.text, ELEMENT_LIMIT);
    case "time":
      return mrkdwnTime(inline.at, inline.isFull);
    case "link":
      return `<${inline.url}|${escapeMrkdwn(inline.text)}>`;
    case "person":
      return inline.actor.platform === "slack" ? `<@${inline.actor.id}>` : escapeMrkdwn(inline.actor.name);
    case "channel":
      return `<#${inline.id}>`;
    case "support":
      return mrkdwnSupport(support);
  }
}

function mrkdwnSupport({ usergroup, users, email }: SlackSupport): string {
  if (usergroup !== undefined) return `<!subteam^${usergroup}>`;
  if (users.length > 0) return users.map((id) => `<@${id}>`).join(" ");
  return email === undefined ? "Support" : `Support (${escapeMrkdwn(email)})`;
}

function richElement(inline: Inline, support: SlackSupport): RichTextElement[] {
  if (typeof inline === "string") return textElement(inline);
  switch (inline.kind) {
    case "bold":
      return textElement(inline.text, { bold: true });
    case "code":
      return textElement(inline.text, { code: true });
    case "time":
      return [dateElement(inline.at, inline.isFull)];
    case "link":
      return [{ type: "link", url: inline.url, text: clip(clean(inline.text), ELEMENT_LIMIT) }];
    case "person":
      if (inline.actor.platform === "slack") return [{ type: "user", user_id: inline.actor.id }];
      return textElement(inline.actor.name);
    case "channel":
      return [{ type: "channel", channel_id: inline.id }];
    case "support":
      return supportElements(support);
  }
}

function textElement(text: string, style?: { bold: true } | { code: true }): RichTextElement[] {
  const cut = clip(clean(text), ELEMENT_LIMIT);
  if (cut === "") return [];
  return [style === undefined ? { type: "text", text: cut } : { type: "text", text: cut, style }];
}

function dateElement(at: Date, isFull = false): RichTextElement {
  return {
    type: "date",
    timestamp: unixSeconds(at),
    format: isFull ? FULL_FORMAT : DATE_FORMAT,
    fallback: plainTime(at),
  };
}

function supportElements(support: SlackSupport): RichTextElement[] {
  if (support.usergroup !== undefined) return [{ type: "usergroup", usergroup_id: support.usergroup }];
  if (support.users.length > 0) return support.users.flatMap(mentionOf);
  return textElement(support.email === undefined ? "Support" : `Support (${support.email})`);
}

function mentionOf(userId: string, index: number): RichTextElement[] {
  const mention: RichTextElement = { type: "user", user_id: userId };
  return index === 0 ? [mention] : [{ type: "text", text: " " }, mention];
}

function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
