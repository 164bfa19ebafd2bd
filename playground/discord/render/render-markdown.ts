import type { Names } from "./names.ts";

const codeBlock = /(?<!\\)```(?:[\w+-]*\n)?([\s\S]*?)```/g;
const inlineCode = /(?<!\\)``?([^`\n]+)``?/g;

/** Discord's markdown as a person reads it: mentions as names, times as text, marks gone, code untouched. */
export function renderMarkdown(text: string, names: Names): string {
  const kept: string[] = [];
  const keep = (_: string, code: string): string => `\uE000${kept.push(code) - 1}\uE000`;
  const bare = text.replaceAll(codeBlock, keep).replaceAll(inlineCode, keep);
  const read = unescape(withoutMarks(withNames(bare, names)));
  return read.replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => kept[Number(index)] ?? "");
}

function withNames(text: string, names: Names): string {
  return text
    .replaceAll(/<@&(\d+)>/g, (_, id: string) => `@${names.role(id)}`)
    .replaceAll(/<@!?(\d+)>/g, (_, id: string) => `@${names.user(id)}`)
    .replaceAll(/<#(\d+)>/g, (_, id: string) => `#${names.channel(id)}`)
    .replaceAll(/<\/([^:>]+):\d+>/g, "/$1")
    .replaceAll(/<t:(-?\d+)(?::[tTdDfFR])?>/g, (_, seconds: string) => readTime(Number(seconds)))
    .replaceAll(/<a?(:\w+:)\d+>/g, "$1");
}

function withoutMarks(text: string): string {
  return text
    .replaceAll(/(?<!\\)\[([^\]\n]+)\]\(<?([^)\s>]+)>?\)/g, "$1 ($2)")
    .replaceAll(/^(?:-# |#{1,3} |>>> |> )/gm, "")
    .replaceAll(/(?<!\\)(\*\*|__|~~|\|\|)(?=\S)([\s\S]*?\S)(?<!\\)\1/g, "$2")
    .replaceAll(/(?<![\\\w*])([*_])(?=\S)([^\n]*?\S)(?<!\\)\1(?!\w)/g, "$2");
}

function unescape(text: string): string {
  return text.replaceAll(/\\([\\*_~`|<>#[\]()@:.+-])/g, "$1");
}

function readTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
