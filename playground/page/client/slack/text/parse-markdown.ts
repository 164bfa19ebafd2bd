import { type Inline, type InlineStyle, lines, type TextBlock } from "../../text/inline.ts";

const styles: Readonly<Record<string, InlineStyle>> = {
  "**": "bold",
  __: "bold",
  "*": "italic",
  _: "italic",
  "~~": "strike",
};

const token =
  /`(?<code>[^`\n]+)`|\[(?<label>[^[\]\n]+)\]\((?<url>[^()\s]+)\)|<@(?<user>[UW][A-Z0-9]+)>|<!subteam\^(?<group>S[A-Z0-9]+)>|(?<![\p{L}\p{N}*_~])(?<mark>\*\*|__|~~|\*|_)(?=\S)(?<inner>.*?\S)\k<mark>(?![\p{L}\p{N}])/gu;

const listItem = /^(?<space>\s*)(?:[-*+]|(?<number>\d{1,9})[.)])\s+(?<content>.*)$/;

/** The part of Markdown that a `markdown` block of a bot uses; what is not understood stays text. */
export function parseMarkdown(source: string): TextBlock[] {
  return source.split(/^```.*$/m).flatMap((part, index): TextBlock[] => {
    if (index % 2 === 1) return [{ kind: "pre", text: part.replace(/^\n/, "").replace(/\n$/, "") }];
    return part
      .split(/\n{2,}/)
      .filter((block) => block.trim() !== "")
      .flatMap(parseChunk);
  });
}

function parseChunk(chunk: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (const line of chunk.replace(/^\n+|\n+$/g, "").split("\n")) {
    const next = parseLine(line);
    const last = blocks.at(-1);
    const joined = last ? join(last, next) : undefined;
    if (joined) blocks[blocks.length - 1] = joined;
    else blocks.push(next);
  }
  return blocks;
}

function parseLine(line: string): TextBlock {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) {
    return { kind: "heading", level: heading[1]?.length ?? 1, children: parseInline(heading[2] ?? "") };
  }
  if (/^\s*([-*_])(?:\s*\1){2,}\s*$/.test(line)) return { kind: "rule" };
  if (/^\s*>/.test(line)) return { kind: "quote", children: parseInline(line.replace(/^\s*> ?/, "")) };
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
  if ((last.kind !== "paragraph" && last.kind !== "quote") || next.kind !== last.kind) return undefined;
  return { ...last, children: [...last.children, { kind: "break" }, ...next.children] };
}

function parseInline(source: string): Inline[] {
  const parsed: Inline[] = [];
  let from = 0;
  for (const match of source.matchAll(token)) {
    parsed.push(...lines(source.slice(from, match.index)), fromToken(match));
    from = match.index + match[0].length;
  }
  return [...parsed, ...lines(source.slice(from))];
}

function fromToken(match: RegExpExecArray): Inline {
  const { code, label, url, user, group, mark, inner } = match.groups ?? {};
  if (code !== undefined) return { kind: "code", text: code };
  if (url !== undefined) return { kind: "link", url, children: parseInline(label ?? url) };
  if (user !== undefined) return { kind: "user", id: user };
  if (group !== undefined) return { kind: "group", id: group };
  return { kind: "styled", style: styles[mark ?? ""] ?? "italic", children: parseInline(inner ?? "") };
}
