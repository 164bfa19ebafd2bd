import { clean, clip } from "../tidy.ts";

/**
 * Makes text safe inside mrkdwn and in the top-level `text`, where `&`, `<` and `>` are control characters
 * (Slack, "Formatting text"). `*`, `_` and backticks cannot be escaped, so names go into rich_text instead.
 */
export function escapeMrkdwn(text: string, max = 3000): string {
  return clip(clean(text), max).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Takes back what Slack escaped in a command's text; `<@U1|alice>` and `<#C1|general>` become their names. */
export function unescapeCommand(text: string): string {
  return text
    .replaceAll(/<[@#!][A-Z0-9]*\|([^>]*)>/gu, "$1")
    .replaceAll(/<[^|>]*\|([^>]*)>/gu, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
