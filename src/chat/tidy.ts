/** Control characters but for line break and tab, bidirectional overrides and isolates, invisible separators. */
const UNSAFE = /(?![\n\t])\p{Cc}|[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Half a character: no encoder takes it. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Cuts text to `max` code points, the last of which is an ellipsis when something was cut. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  return points.length <= max ? text : `${points.slice(0, Math.max(0, max - 1)).join("")}…`;
}

/** Drops characters that could reorder, hide or break text; keeps line breaks. */
export function clean(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(LONE_SURROGATE, "\ufffd").replaceAll(UNSAFE, "");
}

/** Makes a name from outside fit for a sentence: one line, cleaned, at most `max` code points. */
export function tidy(text: string, max = 80): string {
  const line = clean(text).replaceAll(/\s+/gu, " ").trim();
  return line === "" ? "(no name)" : clip(line, max);
}
