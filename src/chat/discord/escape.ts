import { clean, clip } from "../tidy.ts";

/** Characters that mark text up anywhere: emphasis, code, spoilers, links, mentions, moments, custom emoji. */
const MARKUP = /[\\*_~`|[\]<>]/gu;
/** Marks that count at the beginning of a line: headings, small print, lists. */
const LINE_MARK = /^(\s*)([#\-+])/gmu;
const NUMBERED = /^(\s*\d+)\.(?=\s)/gmu;
const EVERYONE = /@(?=everyone|here)/giu;
const ZERO_WIDTH_SPACE = "\u200b";

/**
 * Makes text from outside safe inside Discord's markdown (Discord, "Message Formatting"): a backslash takes a
 * mark's meaning, and names that call everyone are broken. Mentions are also closed by `allowed_mentions`.
 */
export function escapeMarkdown(text: string, max = 2000): string {
  return clip(clean(text), max)
    .replaceAll(MARKUP, String.raw`\$&`)
    .replaceAll(NUMBERED, String.raw`$1\.`)
    .replaceAll(LINE_MARK, String.raw`$1\$2`)
    .replaceAll(EVERYONE, `@${ZERO_WIDTH_SPACE}`);
}

/** Fixed-width type. Nothing is parsed inside, and no backtick or line break may end it. */
export function inlineCode(text: string, max = 500): string {
  const safe = clip(clean(text), max).replaceAll("`", "'").replaceAll(/\s+/gu, " ").trim();
  return safe === "" ? "" : `\`${safe}\``;
}
