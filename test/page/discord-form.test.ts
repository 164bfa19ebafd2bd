import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { screenshot } from "./browser.ts";
import type { Driver } from "./drive.ts";
import { driveDiscord } from "./drive-discord.ts";
import { type DiscordStage, startDiscordStage } from "./open-page.ts";

const alice = "200000000000000001";

let stage: DiscordStage;
let page: Page;

beforeAll(async () => {
  stage = await startDiscordStage();
});

afterEach(async () => {
  await page.close();
  stage.discord.world.modals.open.clear();
  stage.bot.heard.length = 0;
});

afterAll(async () => {
  await stage.stop();
  expect(stage.discord.violations).toEqual([]);
  expect(stage.complaints).toEqual([]);
});

const isFocused: Driver["isFocused"] = (locator) =>
  locator.evaluate((element) => element === element.ownerDocument.activeElement);

test("command, suggestion, form, submission, plan, both confirmations, thread", async () => {
  page = await stage.open();
  const { field, button, form, channel, thread, openForm, choose, confirmTwice } = driveDiscord(page);
  await screenshot(page, "discord-start");
  await openForm();
  await screenshot(page, "discord-form");
  await choose("New plan", "M");
  await page.getByRole("radio", { name: /Dump/ }).check();
  await field("Reason").fill("the disk is full");
  await page.getByRole("checkbox", { name: "Support" }).check();
  await button("Submit").click();
  await form.waitFor({ state: "detached" });
  await channel.getByRole("button", { name: "Migrate the database" }).waitFor();
  await screenshot(page, "discord-plan");
  await confirmTwice();
  await page.getByText("The migration starts.").waitFor();
  await page.getByText("Only you can see this").waitFor();
  await button("Open the thread Migrate orders").click();
  await thread.getByText("Replicate", { exact: false }).waitFor();
  await screenshot(page, "discord-thread");
  expect(stage.bot.heard).toContain("migrate addon=addon_orders");
  expect(JSON.parse(stage.bot.heard.find((heard) => heard.startsWith("{")) ?? "{}")).toEqual({
    plan: ["pg-m"],
    strategy: "dump",
    reason: "the disk is full",
    notify: ["support"],
  });
});

describe("the command bar", () => {
  test("lists the commands after a slash, marks what is required, and hides those of administrators", async () => {
    page = await stage.open();
    const { field, option } = driveDiscord(page);
    await field("Message #databases").pressSequentially("/");
    expect(await option(/^\/db/).count()).toBe(4);
    expect(await option(/^\/db migrate/).innerText()).toMatch(/addon.*\(required\).*plan/s);
    expect(await option(/admin/).count()).toBe(0);
    await screenshot(page, "discord-commands");
    await page.keyboard.press("Escape");
    expect(await option(/^\/db/).count()).toBe(0);
  });

  test("asks the app while one types, but not for each letter", async () => {
    page = await stage.open();
    const { field, option } = driveDiscord(page);
    await field("Message #databases").pressSequentially("/db migrate use");
    await option(/users/).waitFor();
    await screenshot(page, "discord-options");
    await page.keyboard.press("Enter");
    const addon = page.getByRole("textbox", { name: /^addon/ });
    expect(await addon.inputValue()).toBe("users · PostgreSQL 17");
    const asked = stage.bot.heard.filter((heard) => heard.startsWith("typed"));
    expect(asked.at(-1)).toBe("typed use");
    expect(asked.length).toBeLessThan(4);
  });

  test("does not send a command whose required option is missing, and says so", async () => {
    page = await stage.open();
    const { field } = driveDiscord(page);
    await field("Message #databases").pressSequentially("/db migrate nothing like it");
    await page.getByText("No results").waitFor();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await page.getByRole("option", { name: /orders/ }).waitFor();
    await page.keyboard.press("Shift+Tab");
    await page.getByRole("combobox", { name: /Add an option/ }).click();
    await page.keyboard.press("Enter");
    await page.getByText("This option is required. Specify a value.").waitFor();
    expect(stage.bot.heard.some((heard) => heard.startsWith("migrate"))).toBe(false);
    await screenshot(page, "discord-missing");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await until(() => isFocused(field("Message #databases")), { what: "the focus back in the text field" });
  });

  test("adds an option that is not required, with its fixed choices", async () => {
    page = await stage.open();
    const { field, form, option } = driveDiscord(page);
    await field("Message #databases").pressSequentially("/db migrate orders");
    await option(/orders/).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await option(/^M$/).click();
    await page.keyboard.press("Enter");
    await form.waitFor();
    expect(stage.bot.heard).toContain("migrate addon=addon_orders plan=pg-m");
  });

  test("a command that nobody answers is said to have failed, and can be put away", async () => {
    page = await stage.open();
    const { button, type } = driveDiscord(page);
    await type("/db silent");
    await page.keyboard.press("Enter");
    await page.getByText("Sending command…").waitFor();
    await page.getByText("The application did not respond").waitFor();
    await screenshot(page, "discord-no-answer");
    await button("Dismiss message").last().click();
    await page.getByText("The application did not respond").waitFor({ state: "detached" });
  });
});

describe("a form", () => {
  test("is not sent while something is missing, and says what, until it is there", async () => {
    page = await stage.open();
    const { field, button, form, openForm, choose } = driveDiscord(page);
    await openForm();
    await button("Submit").click();
    expect(await page.getByText("This field is required.").count()).toBe(2);
    await until(() => isFocused(button(/^New plan:/)), { what: "the focus on the first wrong field" });
    await screenshot(page, "discord-form-error");
    await choose("New plan", "L");
    await field("Reason").fill("abc");
    await button("Submit").click();
    await page.getByText("Must be at least 5 characters long.").waitFor();
    expect(await field("Reason").getAttribute("aria-invalid")).toBe("true");
    expect(stage.bot.heard.some((heard) => heard.startsWith("{"))).toBe(false);
    await field("Reason").fill("abcdef");
    await page.keyboard.press("Enter");
    await form.waitFor({ state: "detached" });
  });

  test("works with the keyboard alone, and gives the focus back", async () => {
    page = await stage.open();
    const { field, button, form, option } = driveDiscord(page);
    await page.keyboard.type("/mig");
    await page.keyboard.press("Enter");
    await option(/orders/).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await form.waitFor();
    await until(() => isFocused(button(/^New plan:/)), { what: "the focus on the first field" });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await button(/^New plan: S/).waitFor();
    await until(() => stage.discord.user("alice").modals[0]?.value("plan")?.toString() === "pg-s", {
      what: "the choice at the server",
    });
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
    await until(() => isFocused(field("Message #databases")), { what: "the focus back in the channel" });
  });

  test("keeps what is typed while one is somebody else", async () => {
    page = await stage.open();
    const { field, button, form, openForm } = driveDiscord(page);
    await openForm();
    await field("Reason").fill("half a thought");
    await button(/bob/).first().click();
    await form.waitFor({ state: "detached" });
    await button(/alice/).first().click();
    expect(await field("Reason").inputValue()).toBe("half a thought");
  });

  test("says when the app does not answer, and can be sent again", async () => {
    page = await stage.open();
    const { field, button, form, openForm, choose } = driveDiscord(page);
    await openForm();
    await choose("New plan", "M");
    await field("Reason").fill("the disk is full");
    stage.discord.faults.always("POST /interactions/{interaction}/{token}/callback", { status: 500 });
    await button("Submit").click();
    await form.getByText("Something went wrong. Try again.").waitFor();
    stage.discord.faults.clear();
    await button("Submit").click();
    await form.waitFor({ state: "detached" });
  });
});

test("a button that nobody answers is said to have failed, in its message", async () => {
  page = await stage.open();
  const components = [{ type: 1, components: [{ type: 2, style: 2, label: "Deaf", custom_id: "deaf" }] }];
  await stage.bot.post("500000000000000001", components);
  await driveDiscord(page).button("Deaf").click();
  await page.getByText("This interaction failed").waitFor();
  expect(stage.discord.snapshot().errors.at(-1)).toMatchObject({ userId: alice, kind: "component" });
});

test("an answer that takes its time is thinking, and says what it answers", async () => {
  page = await stage.open();
  stage.bot.delayMs = 1_000;
  await driveDiscord(page).type("/db status");
  await page.keyboard.press("Enter");
  await page.getByText("Godwit is thinking…").waitFor();
  await screenshot(page, "discord-thinking");
  await page.getByText("Nothing runs now.").waitFor();
  expect(await page.getByRole("article").last().innerText()).toMatch(/Alice Martin\s+used\s+\/db status/);
  stage.bot.delayMs = 0;
});
