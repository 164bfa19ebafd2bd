import { describe, expect, test } from "vitest";
import { escapeMarkdown, inlineCode } from "../../src/chat/discord/escape.ts";
import { renderMessage } from "../../src/chat/discord/render.ts";
import { markdown } from "../../src/chat/discord/render-text.ts";
import { presentNotification } from "../../src/chat/present/notification.ts";
import { hostileNews } from "./hostile-news.ts";
import { alice } from "./makers.ts";

const support = { role: "100000000000000001", users: [] };

describe("text from outside, in Discord's markdown", () => {
  test.each([
    ["**b** _i_ ~~s~~ ||h|| `c`", String.raw`\*\*b\*\* \_i\_ \~\~s\~\~ \|\|h\|\| \`c\``],
    [
      "<@1> <@&2> <#3> <t:4:R> <:a:5> </db:6>",
      String.raw`\<@1\> \<@&2\> \<#3\> \<t:4:R\> \<:a:5\> \</db:6\>`,
    ],
    ["[a](https://evil.example)", String.raw`\[a\](https://evil.example)`],
    [
      "# h\n-# s\n- l\n+ l\n1. n\n> q",
      String.raw`\# h
\-# s
\- l
\+ l
1\. n
\> q`,
    ],
    [String.raw`\*`, String.raw`\\\*`],
    ["PostgreSQL 15.18, 2.5 GiB", "PostgreSQL 15.18, 2.5 GiB"],
    ["@everyone @Here a@example.com", "@\u200beveryone @\u200bHere a@example.com"],
  ])("means nothing: %j", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  test("cannot leave fixed-width type", () => {
    expect(inlineCode("a`b``c\n@everyone")).toBe("`a'b''c @everyone`");
    expect(inlineCode(" \n")).toBe("");
  });

  test("names people of other platforms and mentions those of this one", () => {
    const [there, here] = [alice, { ...alice, platform: "discord", id: "200000000000000001" } as const];
    expect(markdown([{ kind: "person", actor: there }], support)).toBe("alice");
    expect(markdown([{ kind: "person", actor: here }], support)).toBe("<@200000000000000001>");
    expect(markdown([{ kind: "person", actor: { ...here, id: "1> @everyone" } }], support)).toBe("alice");
  });

  test("calls the role, else people, else gives the address", () => {
    const shown = (who: object) => markdown([{ kind: "support" }], { users: [], ...who });
    expect(shown(support)).toBe("<@&100000000000000001>");
    expect(shown({ users: ["1", "2"] })).toBe("<@1> <@2>");
    expect(shown({ email: "help_us@example.com" })).toBe(String.raw`Support (help\_us@example.com)`);
    expect(shown({})).toBe("Support");
  });

  test("links only to the web, and closes no bracket early", () => {
    const link = (url: string) => markdown([{ kind: "link", text: "a]b", url }], support);
    expect(link("https://e.example/(x)")).toBe(String.raw`[a\]b](https://e.example/%28x%29)`);
    expect(link("javascript:alert(1)")).toBe(String.raw`a\]b`);
  });
});

describe("a message in Discord", () => {
  test.each(hostileNews.map((item) => [item.kind, item] as const))(
    "stays inside every limit: %s",
    (_, item) => {
      const { components } = renderMessage(presentNotification(item), { support });
      const texts = components.flatMap((container) => container.components.map(contentOf)).join("\n");
      expect(texts.replaceAll(/`[^`]*`/gu, "")).not.toMatch(/(?<!\\)<@2/u);
      const inside = components.flatMap((container) => container.components);
      const characters = inside.reduce((sum, part) => sum + contentOf(part).length, 0);
      expect(characters).toBeLessThanOrEqual(4000);
      expect(characters).toBeGreaterThan(100);
      expect(inside.length).toBeLessThan(35);
    },
  );
});

function contentOf(part: object): string {
  return "content" in part && typeof part.content === "string" ? part.content : "";
}
