import { type Inline, type InlineStyle, lines, type TextBlock, text } from "../../text/inline.ts";

const styles: Readonly<Record<string, InlineStyle>> = { "*": "bold", _: "italic", "~": "strike" };

/** Control sequences, code, emoji and emphasis; emphasis only at the edge of words (Slack: formatting text). */
const token =
  /<(?<control>[^<>\n]*)>|`(?<code>[^`\n]+)`|:(?<emoji>[a-z0-9_+-]+):|(?<![\p{L}\p{N}])(?<mark>[*_~])(?=\S)(?<inner>.*?\S)\k<mark>(?![\p{L}\p{N}])/gu;

/** Slack's mrkdwn as blocks of text. Nothing of it ever becomes markup: what is not understood stays text. */
export function parseMrkdwn(source: string): TextBlock[] {
  return source.split("```").flatMap((part, index, parts): TextBlock[] => {
    if (index % 2 === 1) return [{ kind: "pre", text: decode(part.replace(/^\n/, "").replace(/\n$/, "")) }];
    const isLast = index === parts.length - 1;
    const inner = (index > 0 ? part.replace(/^\n/, "") : part).replace(isLast ? /$^/ : /\n$/, "");
    return inner.trim() === "" ? [] : paragraphs(inner);
  });
}

/** One line of mrkdwn. */
export function parseMrkdwnInline(source: string): Inline[] {
  const parsed: Inline[] = [];
  let from = 0;
  for (const match of source.matchAll(token)) {
    parsed.push(...plain(source.slice(from, match.index)), ...fromToken(match));
    from = match.index + match[0].length;
  }
  return [...parsed, ...plain(source.slice(from))];
}

function paragraphs(source: string): TextBlock[] {
  const blocks: { kind: "paragraph" | "quote"; lines: string[] }[] = [];
  for (const line of source.split("\n")) {
    const quoted = /^(?:>|&gt;) ?/.exec(line);
    const kind = quoted ? "quote" : "paragraph";
    const content = quoted ? line.slice(quoted[0].length) : line;
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(content);
    else blocks.push({ kind, lines: [content] });
  }
  return blocks.map(({ kind, lines }) => ({ kind, children: parseMrkdwnInline(lines.join("\n")) }));
}

function fromToken(match: RegExpExecArray): Inline[] {
  const { control, code, emoji, mark, inner } = match.groups ?? {};
  if (control !== undefined) return [fromControl(control)];
  if (code !== undefined) return [{ kind: "code", text: decode(code) }];
  if (emoji !== undefined) return [{ kind: "emoji", name: emoji }];
  const style = styles[mark ?? ""];
  if (style === undefined) return plain(match[0]);
  return [{ kind: "styled", style, children: parseMrkdwnInline(inner ?? "") }];
}

function fromControl(control: string): Inline {
  const at = control.indexOf("|");
  const target = at < 0 ? control : control.slice(0, at);
  const label = at < 0 ? undefined : control.slice(at + 1);
  if (target.startsWith("@")) return { kind: "user", id: target.slice(1) };
  if (target.startsWith("#")) return { kind: "channel", id: target.slice(1) };
  if (target.startsWith("!subteam^")) return { kind: "group", id: target.slice("!subteam^".length) };
  if (target.startsWith("!date^")) return fromDate(target, label);
  if (target.startsWith("!")) return { kind: "broadcast", range: target.slice(1) };
  return { kind: "link", url: decode(target), children: plain(label ?? target) };
}

/** `!date^seconds^format` or, with a link, `!date^seconds^format^url`. */
function fromDate(target: string, fallback = ""): Inline {
  const [, seconds = "", format = "", url] = target.split("^");
  const date = {
    kind: "date",
    timestamp: Number(seconds),
    format: decode(format),
    fallback: decode(fallback),
  } as const;
  return url === undefined ? date : { kind: "link", url: decode(url), children: [date] };
}

function plain(source: string): Inline[] {
  return source === ""
    ? []
    : lines(decode(source)).map((piece) => (piece.kind === "text" ? text(piece.text) : piece));
}

function decode(source: string): string {
  return source.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
