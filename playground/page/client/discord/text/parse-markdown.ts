import type { Inline, TextBlock } from "../../text/inline.ts";
import { parseInline } from "./parse-inline.ts";

const fence = /```(?:[\w+-]*\n)?([\s\S]*?)```/g;
const listItem = /^(?<space> *)(?:[-*]|(?<number>\d{1,9})\.) +(?<content>.*)$/;

/** Discord's markdown as blocks of text. Nothing of it ever becomes markup: what is not understood stays text. */
export function parseMarkdown(source: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let from = 0;
  for (const match of source.matchAll(fence)) {
    blocks.push(...parseLines(source.slice(from, match.index)), preOf(match[1] ?? ""));
    from = match.index + match[0].length;
  }
  return [...blocks, ...parseLines(source.slice(from))];
}

function preOf(code: string): TextBlock {
  return { kind: "pre", text: code.replace(/^\n/, "").replace(/\n$/, "") };
}

/** `>>> ` quotes everything to the end. */
function parseLines(source: string): TextBlock[] {
  const trimmed = source.replace(/^\n/, "").replace(/\n$/, "");
  if (trimmed.trim() === "") return [];
  const rest = /^>>> ([\s\S]*)$/m.exec(trimmed);
  if (!rest) return joinLines(trimmed.split("\n"));
  const before = trimmed.slice(0, rest.index).replace(/\n$/, "");
  const quote: TextBlock = { kind: "quote", children: parseInline(rest[1] ?? "") };
  return [...(before === "" ? [] : joinLines(before.split("\n"))), quote];
}

function joinLines(lines: readonly string[]): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (const line of lines) {
    const next = parseLine(line);
    const last = blocks.at(-1);
    const joined = last ? join(last, next) : undefined;
    if (joined) blocks[blocks.length - 1] = joined;
    else blocks.push(next);
  }
  return blocks;
}

function parseLine(line: string): TextBlock {
  const heading = /^(#{1,3}) +(\S.*)$/.exec(line);
  if (heading) {
    return { kind: "heading", level: heading[1]?.length ?? 1, children: parseInline(heading[2] ?? "") };
  }
  const small = /^-# +(.*)$/.exec(line);
  if (small) return { kind: "small", children: parseInline(small[1] ?? "") };
  if (line.startsWith("> ")) return { kind: "quote", children: parseInline(line.slice(2)) };
  const item = listItem.exec(line)?.groups;
  if (!item) return { kind: "paragraph", children: parseInline(line) };
  return {
    kind: "list",
    isOrdered: item.number !== undefined,
    start: Number(item.number ?? 1),
    indent: Math.min(Math.floor((item.space ?? "").length / 2), 8),
    items: [parseInline(item.content ?? "")],
  };
}

/** Lines that belong together: a paragraph, a quote, a list. */
function join(last: TextBlock, next: TextBlock): TextBlock | undefined {
  if (last.kind === "list" && next.kind === "list") {
    const isSame = last.indent === next.indent && last.isOrdered === next.isOrdered;
    return isSame ? { ...last, items: [...last.items, ...next.items] } : undefined;
  }
  const isJoined = last.kind === "paragraph" || last.kind === "quote" || last.kind === "small";
  if (!isJoined || next.kind !== last.kind) return undefined;
  return { ...last, children: [...last.children, { kind: "break" }, ...next.children] };
}

/** The words of a text, for a preview in one line. */
export function wordsOf(blocks: readonly TextBlock[], name: (node: Inline) => string): string {
  const words = (nodes: readonly Inline[]): string => nodes.map(wordOf).join("");
  const wordOf = (node: Inline): string => {
    if (node.kind === "text" || node.kind === "code") return node.text;
    if (node.kind === "break") return " ";
    return "children" in node ? words(node.children) : name(node);
  };
  const lineOf = (block: TextBlock): string => {
    if (block.kind === "pre") return block.text;
    if (block.kind === "list") return block.items.map(words).join(", ");
    return "children" in block ? words(block.children) : "";
  };
  return blocks.map(lineOf).join(" ");
}
