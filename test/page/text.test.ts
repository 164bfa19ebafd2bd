import { describe, expect, test } from "vitest";
import { fromRichText } from "../../playground/page/client/slack/text/from-rich-text.ts";
import { parseMarkdown } from "../../playground/page/client/slack/text/parse-markdown.ts";
import { parseMrkdwn, parseMrkdwnInline } from "../../playground/page/client/slack/text/parse-mrkdwn.ts";
import { formatDate } from "../../playground/page/client/text/format-date.ts";
import { linkTarget } from "../../playground/page/client/text/link-target.ts";

const text = (value: string) => ({ kind: "text", text: value });
const styled = (style: string, value: string) => ({ kind: "styled", style, children: [text(value)] });

describe("mrkdwn", () => {
  test("marks are emphasis only at the edge of words", () => {
    expect(parseMrkdwnInline("*bold* _it_ ~gone~ 2*3*4 snake_case_name")).toEqual([
      styled("bold", "bold"),
      text(" "),
      styled("italic", "it"),
      text(" "),
      styled("strike", "gone"),
      text(" 2*3*4 snake_case_name"),
    ]);
  });

  test("control sequences become mentions, links and dates", () => {
    const source =
      "<@U1> <!subteam^S1|@x> <#C1|y> <!here> <https://a.example?a=1&amp;b=2|docs> <!date^60^{time}|then>";
    expect(parseMrkdwnInline(source).filter(({ kind }) => kind !== "text")).toEqual([
      { kind: "user", id: "U1" },
      { kind: "group", id: "S1" },
      { kind: "channel", id: "C1" },
      { kind: "broadcast", range: "here" },
      { kind: "link", url: "https://a.example?a=1&b=2", children: [text("docs")] },
      { kind: "date", timestamp: 60, format: "{time}", fallback: "then" },
    ]);
  });

  test("escaped text stays text", () => {
    expect(parseMrkdwnInline("&lt;@U1&gt; &lt;script&gt; &amp;lt;")).toEqual([text("<@U1> <script> &lt;")]);
  });

  test("code is not looked into, quotes and fences are blocks", () => {
    expect(parseMrkdwn("`*a* <@U1>`\n&gt; said\n> more\n```\n*raw*\n```")).toEqual([
      { kind: "paragraph", children: [{ kind: "code", text: "*a* <@U1>" }] },
      { kind: "quote", children: [text("said"), { kind: "break" }, text("more")] },
      { kind: "pre", text: "*raw*" },
    ]);
  });
});

describe("markdown", () => {
  test("headings, lists, rules and emphasis", () => {
    expect(
      parseMarkdown(
        "## Plan\n\n- **one**\n- two\n\n1. first\n\n---\n\nplain ~~old~~ [docs](https://a.example)",
      ),
    ).toEqual([
      { kind: "heading", level: 2, children: [text("Plan")] },
      {
        kind: "list",
        isOrdered: false,
        start: 1,
        indent: 0,
        items: [[styled("bold", "one")], [text("two")]],
      },
      { kind: "list", isOrdered: true, start: 1, indent: 0, items: [[text("first")]] },
      { kind: "rule" },
      {
        kind: "paragraph",
        children: [
          text("plain "),
          styled("strike", "old"),
          text(" "),
          { kind: "link", url: "https://a.example", children: [text("docs")] },
        ],
      },
    ]);
  });
});

describe("rich text", () => {
  test("styles nest, and a mention inside text is only text", () => {
    const elements = [{ type: "text" as const, text: "<@U1>", style: { bold: true, italic: true } }];
    const [paragraph] = fromRichText({ elements: [{ type: "rich_text_section", elements }] });
    expect(paragraph).toEqual({
      kind: "paragraph",
      children: [{ kind: "styled", style: "italic", children: [styled("bold", "<@U1>")] }],
    });
  });
});

describe("dates", () => {
  const context = { now: new Date("2026-03-10T12:00:00Z"), locale: "en-GB", timeZone: "Europe/Paris" };
  const at = (iso: string): number => Date.parse(iso) / 1000;

  test("are told in the reader's zone, near days by name", () => {
    expect(formatDate("{date_short_pretty} {time}", at("2026-03-10T13:05:00Z"), context)).toBe("today 14:05");
    expect(formatDate("{date_long_pretty}", at("2026-03-09T22:00:00Z"), context)).toBe("yesterday");
    expect(formatDate("on {date_short}", at("2026-01-31T23:30:00Z"), context)).toBe("on 1 Feb 2026");
    expect(formatDate("{ago} {other}", at("2026-03-10T11:58:00Z"), context)).toBe("2 minutes ago {other}");
  });

  test("a time out of range is nothing", () => {
    expect(formatDate("{time}", Number.NaN, context)).toBe("");
  });
});

describe("links", () => {
  test("lead to the web or to a message, never to a script", () => {
    expect(linkTarget("https://a.example/x")).toMatchObject({ kind: "web" });
    const permalink = "https://local.slack.com/archives/C1/p1700000000000200?thread_ts=1.2&cid=C1";
    expect(linkTarget(permalink)).toMatchObject({
      kind: "message",
      channelId: "C1",
      messageId: "1700000000.000200",
    });
    for (const url of [
      "javascript:alert(1)",
      " JavaScript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "/act",
    ]) {
      expect(linkTarget(url)).toEqual({ kind: "none" });
    }
  });
});
