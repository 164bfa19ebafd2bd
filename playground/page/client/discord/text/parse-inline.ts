import { type Inline, type InlineStyle, lines, text } from "../../text/inline.ts";
import { momentFormat } from "./moment-format.ts";

const styles: Readonly<Record<string, InlineStyle>> = {
  "**": "bold",
  __: "underline",
  "~~": "strike",
  "||": "spoiler",
  "*": "italic",
  _: "italic",
};

/** Discord's notations in a line, the first that fits goes first ("Discord, Message Formatting"). */
const token = new RegExp(
  [
    String.raw`\\(?<escaped>[\\*_~|\x60<>#[\]()@:.+!-])`,
    String.raw`(?<ticks>\x60\x60?)(?<code>(?:(?!\k<ticks>).)+)\k<ticks>(?!\x60)`,
    String.raw`<@&(?<role>\d{15,22})>`,
    String.raw`<@!?(?<user>\d{15,22})>`,
    String.raw`<#(?<channel>\d{15,22})>`,
    String.raw`<\/(?<command>[^:<>\n]{1,100}):\d+>`,
    String.raw`<t:(?<seconds>-?\d{1,13})(?::(?<style>[tTdDfFsSR]))?>`,
    String.raw`<a?:(?<emoji>\w{2,32}):\d+>`,
    String.raw`\[(?<label>(?:\\.|[^[\]\n\\])+)\]\(<?(?<target>https?:\/\/[^\s()<>]+)>?\)`,
    String.raw`<(?<quiet>https?:\/\/[^\s<>]+)>`,
    String.raw`(?<bare>https?:\/\/[^\s<>()]+[^\s<>().,:;"'\]*_~|])`,
    String.raw`(?<mark>\*\*\*|\*\*|__|~~|\|\||(?<![\p{L}\p{N}*])\*|(?<![\p{L}\p{N}_])_)(?=\S)(?<inner>(?:\\.|[\s\S])*?(?:\\.|[^\s\\]))\k<mark>(?!\k<mark>|(?<=_)[\p{L}\p{N}])`,
  ].join("|"),
  "gu",
);

/** Text in which marks, mentions, moments and links have their meaning. */
export function parseInline(source: string): Inline[] {
  const parsed: Inline[] = [];
  let from = 0;
  for (const match of source.matchAll(token)) {
    parsed.push(...lines(source.slice(from, match.index)), fromToken(match));
    from = match.index + match[0].length;
  }
  return joined([...parsed, ...lines(source.slice(from))]);
}

function fromToken({ 0: whole, groups = {} }: RegExpExecArray): Inline {
  const { escaped, code, user, role, channel, seconds, emoji, command } = groups;
  if (escaped !== undefined) return text(escaped);
  if (code !== undefined) return { kind: "code", text: code.trim() };
  if (role !== undefined) return { kind: "group", id: role };
  if (user !== undefined) return { kind: "user", id: user };
  if (channel !== undefined) return { kind: "channel", id: channel };
  if (command !== undefined) return { kind: "command", name: `/${command}` };
  if (emoji !== undefined) return text(`:${emoji}:`);
  if (seconds === undefined) return linkOrStyle(groups);
  return { kind: "date", timestamp: Number(seconds), format: momentFormat(groups.style), fallback: whole };
}

function linkOrStyle({ label, target, quiet, bare, mark, inner }: Record<string, string>): Inline {
  const url = target ?? quiet ?? bare;
  if (url === undefined) return styled(mark ?? "", parseInline(inner ?? ""));
  return { kind: "link", url, children: label === undefined ? [text(url)] : parseInline(label) };
}

function styled(mark: string, children: readonly Inline[]): Inline {
  if (mark === "***") return styled("**", [styled("*", children)]);
  return { kind: "styled", style: styles[mark] ?? "italic", children };
}

/** Pieces of text that an escape cut apart are one again. */
function joined(nodes: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (last?.kind === "text" && node.kind === "text")
      result[result.length - 1] = text(last.text + node.text);
    else result.push(node);
  }
  return result;
}
