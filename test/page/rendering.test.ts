import type { types } from "@slack/bolt";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { post } from "../playground/slack-sample-app.ts";
import { screenshot } from "./browser.ts";
import { type Stage, startStage } from "./open-page.ts";

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await startStage();
  page = await stage.open("alice");
});

afterAll(async () => {
  expect(stage.complaints).toEqual([]);
  await stage.stop();
});

const plain = (text: string) => ({ type: "plain_text" as const, text });
const mrkdwn = (text: string) => ({ type: "mrkdwn" as const, text });
const channel = "C0DATABASES";

/** Posts blocks and resolves to the message on the page. */
async function show(blocks: unknown[], text = "blocks") {
  const { ts } = await post(stage.app.client, { channel, text, blocks: blocks as types.KnownBlock[] });
  const message = page.locator(`[data-ts="${ts}"]`);
  await message.waitFor();
  return message;
}

const hostile = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>`;

describe("blocks", () => {
  test("of every kind are drawn", async () => {
    const message = await show([
      { type: "header", text: plain("Header") },
      {
        type: "section",
        text: mrkdwn("*bold* and <@U0ALICE>"),
        fields: [mrkdwn("*Plan*\nM"), plain("Zone par")],
        accessory: { type: "overflow", action_id: "more", options: [{ text: plain("Details"), value: "d" }] },
      },
      { type: "divider" },
      { type: "context", elements: [plain("small print"), mrkdwn("in <#C0DATABASES>")] },
      { type: "image", image_url: "https://pictures.example/a.png", alt_text: "A chart of writes" },
      { type: "markdown", text: "### Markdown\n\n- **one**\n- two" },
      {
        type: "table",
        rows: [
          [
            { type: "raw_text", text: "Table" },
            { type: "raw_text", text: "Rows" },
          ],
          [
            { type: "raw_text", text: "orders" },
            { type: "raw_text", text: "148213" },
          ],
        ],
        column_settings: [{}, { align: "right" }],
      },
    ]);
    const text = await message.innerText();
    for (const part of [
      "Header",
      "bold",
      "@Alice Martin",
      "Zone par",
      "small print",
      "#databases",
      "A chart of writes",
      "one",
      "148213",
    ]) {
      expect(text).toContain(part);
    }
    expect(await message.getByRole("columnheader").allInnerTexts()).toEqual(["Table", "Rows"]);
    await message.getByRole("button", { name: "More actions" }).click();
    await message.getByRole("menuitem", { name: "Details" }).waitFor();
    await screenshot(page, "blocks");
    stage.complaints.length = 0;
  });

  test("a task says its state in words and folds", async () => {
    const details = (text: string) => ({
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
    });
    const task = (status: string) => ({
      type: "task_card",
      task_id: status,
      title: status,
      status,
      details: details(status === "pending" ? "Taken back" : "Done in 2 s"),
    });
    const tasks = ["pending", "in_progress", "complete", "error"].map(task);
    const message = await show([{ type: "plan", title: "Steps", tasks }]);
    const words = (await message.locator(".task-word").allInnerTexts()).join(", ");
    expect(words).toBe("Taken back, In progress, Done, Failed");
    const folded = message.getByRole("listitem").filter({ hasText: "complete" });
    expect(await folded.getByText("Done in 2 s").isVisible()).toBe(true);
    await folded.getByRole("button").click();
    expect(await folded.getByText("Done in 2 s").isVisible()).toBe(false);
    await message.getByRole("button", { name: /Steps/ }).click();
    expect(await folded.isVisible()).toBe(false);
  });

  test("a date is told in the reader's zone", async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const message = await show([{ type: "section", text: mrkdwn(`<!date^${seconds}^{date_pretty}|x>`) }]);
    expect(await message.locator("time.date").innerText()).toBe("today");
  });
});

describe("hostile text", () => {
  test("stays text wherever it stands", async () => {
    const rich = [{ type: "rich_text_section", elements: [{ type: "text", text: hostile }] }];
    const message = await show([
      { type: "header", text: plain(hostile.slice(0, 140)) },
      { type: "section", text: mrkdwn(hostile), fields: [plain(hostile)] },
      { type: "context", elements: [mrkdwn(hostile)] },
      { type: "rich_text", elements: rich },
      { type: "markdown", text: hostile },
      {
        type: "plan",
        title: hostile,
        tasks: [{ type: "task_card", task_id: "t", title: hostile, status: "error" }],
      },
      { type: "actions", elements: [{ type: "button", action_id: "b", text: plain(hostile.slice(0, 75)) }] },
      { type: "image", image_url: "javascript:alert(1)", alt_text: hostile },
    ]);
    stage.slack.user("bob").say(hostile, { channel });
    expect(await message.locator("script, img").count()).toBe(0);
    expect(await page.title()).toBe("alice · Godwit playground");
  });

  test("cannot make a link to a script", async () => {
    const link = { type: "link", url: "javascript:document.title='pwned'", text: "press" };
    const message = await show([
      { type: "section", text: mrkdwn("<javascript:alert(1)|press>") },
      { type: "rich_text", elements: [{ type: "rich_text_section", elements: [link] }] },
      { type: "markdown", text: "[press](javascript:alert(1))" },
    ]);
    expect(await message.getByRole("link").count()).toBe(0);
    expect(await message.innerText()).toContain("press");
  });

  test("of great length stays inside its message", async () => {
    const long = "x".repeat(2000);
    const message = await show([
      { type: "section", text: plain(long) },
      {
        type: "rich_text",
        elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text: long }] }],
      },
    ]);
    const frame = await page.getByRole("log").first().boundingBox();
    const box = await message.boundingBox();
    expect((box?.width ?? 0) <= (frame?.width ?? 0)).toBe(true);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(1440);
  });
});

test("a reader who scrolled up is left there, and told of newer messages", async () => {
  for (let line = 0; line < 40; line += 1) stage.slack.user("bob").say(`line ${line}`, { channel });
  await page.getByText("line 39").waitFor();
  const list = page.getByRole("log");
  await list.hover();
  await page.mouse.wheel(0, -900);
  await page.getByRole("button", { name: "Newest messages" }).waitFor();
  stage.slack.user("bob").say("far below", { channel });
  await page.getByText("far below").waitFor();
  expect(await list.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight > 400)).toBe(true);
  await page.getByRole("button", { name: "Newest messages" }).click();
  await page.getByRole("button", { name: "Newest messages" }).waitFor({ state: "detached" });
});
