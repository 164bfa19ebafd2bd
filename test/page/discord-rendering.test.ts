import { readFile } from "node:fs/promises";
import { REST, Routes } from "discord.js";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { screenshot } from "./browser.ts";
import { type DiscordStage, startDiscordStage } from "./open-page.ts";
import { text } from "./sample-components.ts";

const channel = "500000000000000001";

let stage: DiscordStage;
let page: Page;

beforeAll(async () => {
  stage = await startDiscordStage();
  page = await stage.open();
});

afterAll(async () => {
  expect(stage.complaints).toEqual([]);
  await stage.stop();
  expect(stage.discord.violations).toEqual([]);
});

/** Posts components and resolves to the message on the page. */
async function show(components: readonly object[], extra?: object): Promise<Locator> {
  const id = await stage.bot.post(channel, components, extra);
  const message = page.locator(`[data-id="${id}"]`);
  await message.waitFor();
  return message;
}

const hostile = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>`;

describe("components", () => {
  test("of every kind are drawn", async () => {
    const message = await show([
      {
        type: 17,
        accent_color: 0xe67e22,
        components: [
          text("# Header\n**bold** and <@200000000000000002>\n-# small print in <#500000000000000001>"),
          { type: 14, divider: true, spacing: 2 },
          {
            type: 9,
            components: [text("A section\n- one\n- two")],
            accessory: { type: 2, style: 5, label: "Docs", url: "https://docs.example/a" },
          },
          {
            type: 12,
            items: [{ media: { url: "https://pictures.example/a.png" }, description: "A chart of writes" }],
          },
          {
            type: 1,
            components: [
              {
                type: 3,
                custom_id: "size",
                placeholder: "Choose a size",
                options: [
                  { label: "Small", value: "s", description: "One gibibyte" },
                  { label: "Big", value: "b" },
                ],
              },
            ],
          },
          {
            type: 1,
            components: [1, 2, 3, 4].map((style) => ({
              type: 2,
              style,
              label: `Style ${style}`,
              custom_id: `style-${style}`,
              disabled: style === 2,
            })),
          },
        ],
      },
    ]);
    const shown = await message.innerText();
    for (const part of ["Header", "bold", "@Bob Durand", "#databases", "A section", "two", "Docs"]) {
      expect(shown).toContain(part);
    }
    await message.getByRole("img", { name: "A chart of writes" }).waitFor();
    expect(await message.getByRole("link", { name: "Docs" }).getAttribute("href")).toBe(
      "https://docs.example/a",
    );
    expect(await message.getByRole("button", { name: "Style 2" }).isDisabled()).toBe(true);
    await message.getByRole("button", { name: /Choose a size/ }).click();
    await page.getByRole("option", { name: "Big" }).click();
    await until(() => stage.bot.heard.includes("chose b"), { what: "the choice at the bot" });
    await screenshot(page, "discord-components");
    stage.complaints.length = 0;
  });

  test("a moment is told in the reader's zone", async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const message = await show([text(`<t:${seconds - 7_200}:R> and <t:0:D>`)]);
    expect(await message.locator("time.date").allInnerTexts()).toEqual(["2 hours ago", "1 January 1970"]);
  });

  test("a file shows its text, and is downloaded by its name", async () => {
    const rest = new REST({ api: stage.discord.url }).setToken(stage.discord.token);
    const { id } = (await rest.post(Routes.channelMessages(channel), {
      body: {
        flags: 1 << 15,
        allowed_mentions: { parse: [] },
        components: [{ type: 13, file: { url: "attachment://report.md" } }],
        attachments: [{ id: "0", filename: "report.md" }],
      },
      files: [{ name: "report.md", data: Buffer.from("# Report\nall is well") }],
    })) as { id: string };
    const message = page.locator(`[data-id="${id}"]`);
    await message.getByRole("button", { name: "Show the text of report.md" }).click();
    await message.getByText("all is well").waitFor();
    await screenshot(page, "discord-file");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      message.getByRole("link", { name: "report.md" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("report.md");
    expect(await readFile(await download.path(), "utf8")).toBe("# Report\nall is well");
  });
});

describe("hostile text", () => {
  test("stays text wherever it stands", async () => {
    const message = await show([
      {
        type: 17,
        components: [
          text(`# ${hostile}\n${hostile}\n-# ${hostile}`),
          { type: 1, components: [{ type: 2, style: 1, label: hostile.slice(0, 80), custom_id: "a" }] },
        ],
      },
    ]);
    stage.discord.user("bob").say(hostile, { channel });
    await page.getByText("onerror").last().waitFor();
    expect(await message.locator("script, img").count()).toBe(0);
    expect(await page.title()).toBe("alice in Discord · Godwit playground");
  });

  test("makes no pills of plain names, of escaped mentions or of code", async () => {
    const source = "@sam @support @everyone #databases \\<@200000000000000003> `<@200000000000000003>`";
    const message = await show([text(source)]);
    expect(await message.locator(".mention").count()).toBe(0);
    expect(await message.innerText()).toContain("@everyone");
  });

  test("cannot make a link to a script", async () => {
    const message = await show([text("[press](javascript:alert(1)) <javascript:alert(1)>")]);
    expect(await message.getByRole("link").count()).toBe(0);
  });

  test("of great length stays inside its message", async () => {
    const long = "x".repeat(1500);
    const message = await show([{ type: 17, components: [text(`${long}\n\`\`\`\n${long}\n\`\`\``)] }]);
    const frame = await page.getByRole("log").first().boundingBox();
    const box = await message.boundingBox();
    expect((box?.width ?? 0) <= (frame?.width ?? 0)).toBe(true);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(1440);
  });
});
