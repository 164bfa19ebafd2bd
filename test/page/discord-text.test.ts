import { describe, expect, test } from "vitest";
import { parseMarkdown } from "../../playground/page/client/discord/text/parse-markdown.ts";
import type { Inline, InlineStyle } from "../../playground/page/client/text/inline.ts";
import { linkTarget } from "../../playground/page/client/text/link-target.ts";

const text = (value: string): Inline => ({ kind: "text", text: value });
const styled = (style: InlineStyle, ...children: Inline[]): Inline => ({ kind: "styled", style, children });
const inline = (source: string): unknown => {
  const [block] = parseMarkdown(source);
  return block && "children" in block ? block.children : block;
};

describe("Discord's markdown", () => {
  test("marks nest, and are emphasis only where they stand at a word", () => {
    expect(inline("**bold _it_** ***both*** __u__ ~~s~~ ||sp|| 2*3*4 snake_case_name")).toEqual([
      styled("bold", text("bold "), styled("italic", text("it"))),
      text(" "),
      styled("bold", styled("italic", text("both"))),
      text(" "),
      styled("underline", text("u")),
      text(" "),
      styled("strike", text("s")),
      text(" "),
      styled("spoiler", text("sp")),
      text(" 2*3*4 snake_case_name"),
    ]);
  });

  test("mentions, commands, moments and links have a meaning, plain names have none", () => {
    expect(
      inline(
        "<@200000000000000001> <@&100000000000000001> <#500000000000000001> </db migrate:600000000000000001> <t:60:R> <t:60> [docs](https://a.example) @sam @support @everyone #databases",
      ),
    ).toEqual([
      { kind: "user", id: "200000000000000001" },
      text(" "),
      { kind: "group", id: "100000000000000001" },
      text(" "),
      { kind: "channel", id: "500000000000000001" },
      text(" "),
      { kind: "command", name: "/db migrate" },
      text(" "),
      { kind: "date", timestamp: 60, format: "{ago}", fallback: "<t:60:R>" },
      text(" "),
      { kind: "date", timestamp: 60, format: "{date} at {time}", fallback: "<t:60>" },
      text(" "),
      { kind: "link", url: "https://a.example", children: [text("docs")] },
      text(" @sam @support @everyone #databases"),
    ]);
  });

  test("what is escaped stays text, and code is not looked into", () => {
    const source = "\\*no\\* \\<@200000000000000001> `**x** <@200000000000000001>` ``a`b``";
    expect(inline(source)).toEqual([
      text("*no* <@200000000000000001> "),
      { kind: "code", text: "**x** <@200000000000000001>" },
      text(" "),
      { kind: "code", text: "a`b" },
    ]);
  });

  test("a link leads to the web alone", () => {
    expect(inline("[press](javascript:alert(1))")).toEqual([text("[press](javascript:alert(1))")]);
    const permalink = "https://discord.com/channels/300000000000000001/500000000000000001/700000000000000001";
    expect(linkTarget(permalink)).toMatchObject({
      kind: "message",
      channelId: "500000000000000001",
      messageId: "700000000000000001",
    });
  });

  test("headings, small print, lists, quotes and fences are blocks", () => {
    const source =
      "# Title\n-# small\n- one\n- two\n  - three\n1. first\n> said\n> more\n```json\n{}\n```\nend";
    expect(parseMarkdown(source)).toEqual([
      { kind: "heading", level: 1, children: [text("Title")] },
      { kind: "small", children: [text("small")] },
      { kind: "list", isOrdered: false, start: 1, indent: 0, items: [[text("one")], [text("two")]] },
      { kind: "list", isOrdered: false, start: 1, indent: 1, items: [[text("three")]] },
      { kind: "list", isOrdered: true, start: 1, indent: 0, items: [[text("first")]] },
      { kind: "quote", children: [text("said"), { kind: "break" }, text("more")] },
      { kind: "pre", text: "{}" },
      { kind: "paragraph", children: [text("end")] },
    ]);
  });
});
