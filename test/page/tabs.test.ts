import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { screenshot } from "./browser.ts";
import { openPages, type Pages } from "./open-page.ts";

let slack: LocalSlack;
let discord: LocalDiscord;
let pages: Pages;
let page: Page;

beforeAll(async () => {
  [slack, discord] = [await startLocalSlack(), await startLocalDiscord()];
  pages = await openPages({ slack, discord }, "alice");
});

afterEach(() => page.close());

afterAll(async () => {
  expect(pages.complaints).toEqual([]);
  await pages.stop();
  await slack.close();
  await discord.close();
});

const tab = (name: RegExp) => page.getByRole("tab", { name });

test("lead from one platform to the other, as the same person, and the address follows", async () => {
  page = await pages.open("sam");
  expect(await tab(/Slack/).getAttribute("aria-selected")).toBe("true");
  await page.getByRole("navigation", { name: "Channels" }).getByText("Apps").waitFor();
  await screenshot(page, "tabs-slack");
  await tab(/Discord/).click();
  await page.getByText("Welcome to #databases!").waitFor();
  await screenshot(page, "tabs-discord");
  expect(page.url()).toContain("#discord/sam");
  expect(await page.getByRole("button", { name: /sam/, pressed: true }).count()).toBe(1);
  await tab(/Discord/).press("ArrowLeft");
  await page.getByRole("navigation", { name: "Channels" }).getByText("Apps").waitFor();
  expect(page.url()).toMatch(/#sam$/);
});

test("keep what is typed, and say who was called on the other one", async () => {
  page = await pages.open("sam");
  await page.getByRole("textbox", { name: "Message #databases" }).fill("half a thought");
  discord.user("bob").say("<@200000000000000003> please", { channel: "#databases" });
  await tab(/Discord.*1 mentions of sam/).click();
  await page.getByText("please").waitFor();
  await page.getByRole("textbox", { name: "Message #databases" }).fill("another");
  await tab(/Slack/).click();
  const field = page.getByRole("textbox", { name: "Message #databases" });
  expect(await field.inputValue()).toBe("half a thought");
});

test("the address opens a platform and a person, also when it changes", async () => {
  page = await pages.open("discord/bob");
  await page.getByText("Welcome to #databases!").waitFor();
  await page.evaluate("location.hash = '#alice'");
  await page.getByRole("navigation", { name: "Channels" }).getByText("Apps").waitFor();
  expect(await page.title()).toBe("alice · Godwit playground");
  await page.evaluate("location.hash = '#discord/sam'");
  await page.getByText("Welcome to #databases!").waitFor();
  expect(await page.title()).toBe("sam in Discord · Godwit playground");
});

test("what is beside the chat stays, and says which platform Godwit is not connected to", async () => {
  page = await pages.open();
  const lab = page.getByRole("complementary", { name: "What really happens" });
  await lab.getByText("Godwit is not connected to Slack and Discord.").waitFor();
  await tab(/Discord/).click();
  expect(await lab.innerText()).toContain("148,213");
});

test("there are none where there is one platform alone", async () => {
  const alone = await openPages({ discord }, "sam");
  page = await alone.open();
  await page.getByText("Welcome to #databases!").waitFor();
  expect(await page.getByRole("tab").count()).toBe(0);
  await alone.stop();
});
