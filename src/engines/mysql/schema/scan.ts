/** Where a quoted part that begins at `start` ends; the character behind it. */
function endOfQuoted(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\" && quote !== "`") at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

/** Calls `visit` for every character that stands in no quotes; stops where it returns true. */
function outside(text: string, start: number, visit: (character: string, at: number) => boolean): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === "'" || character === '"' || character === "`") at = endOfQuoted(text, at) - 1;
    else if (visit(character, at)) return at;
  }
  return text.length;
}

/** A CREATE TABLE as the server writes it, taken apart. */
export interface TableText {
  /** Up to and with the opening bracket. */
  readonly head: string;
  /** Columns, keys and constraints. */
  readonly elements: readonly string[];
  /** From the closing bracket on. */
  readonly tail: string;
}

/** Takes a CREATE TABLE apart at its outermost commas. */
export function splitTable(create: string): TableText {
  const open = outside(create, 0, (character) => character === "(");
  const elements: string[] = [];
  let depth = 0;
  let from = open + 1;
  const end = outside(create, open + 1, (character, at) => {
    if (character === "(") depth += 1;
    if (character === ")" && depth === 0) return true;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) {
      elements.push(create.slice(from, at).trim());
      from = at + 1;
    }
    return false;
  });
  elements.push(create.slice(from, end).trim());
  return { head: create.slice(0, open + 1), elements, tail: create.slice(end) };
}

/** Replaces what a pattern matches outside text literals; names in backticks are looked at. */
export function replaceOutsideText(text: string, pattern: RegExp, replacement: string): string {
  const parts = text.split(/('(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*")/s);
  return parts
    .map((part, index) => (index % 2 === 1 ? part : part.replace(pattern, () => replacement)))
    .join("");
}

/** A name as the server quotes it, for use in a pattern. */
export const NAME = "`(?:[^`]|``)*`";

/** Escapes text for use in a pattern. */
export function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
