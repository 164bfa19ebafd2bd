import { Routes } from "discord.js";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { screenshot } from "./browser.ts";
import { driveDiscord } from "./drive-discord.ts";
import { type DiscordStage, startDiscordStage } from "./open-page.ts";
import { failMigration } from "./sample-discord-bot.ts";

const support = "100000000000000001";

let stage: DiscordStage;
let page: Page;

beforeAll(async () => {
  stage = await startDiscordStage();
});

afterEach(async () => {
  await page.close();
  stage.discord.world.modals.open.clear();
});

afterAll(async () => {
  await stage.stop();
  expect(stage.discord.violations).toEqual([]);
  expect(stage.complaints).toEqual([]);
});

describe("people", () => {
  test("support is called in the thread, and finds the way there", async () => {
    page = await stage.open();
    const { button, openForm, submitForm, confirmTwice, thread } = driveDiscord(page);
    await openForm();
    await submitForm();
    await confirmTwice();
    await button("Open the thread Migrate orders").waitFor();
    await failMigration(stage.bot, support);
    await button(/1 unread mentions.*sam/).click();
    await screenshot(page, "discord-failure-channel");
    await button(/^Migrate orders.*1 mentions/).click();
    await thread.getByText("failed at step 4 of 8", { exact: false }).waitFor();
    expect(await thread.getByTitle("This is you").innerText()).toBe("@support");
    await until(async () => (await page.getByText("unread mentions").count()) === 0, { what: "no badge" });
    await screenshot(page, "discord-failure");
  });

  test("who is called while they look elsewhere is told at once, with the way there", async () => {
    page = await stage.open("discord/sam");
    const { button, thread } = driveDiscord(page);
    const call = { type: 10, content: `<@&${support}> look here` };
    await stage.bot.post(stage.bot.plan, [call], { allowed_mentions: { roles: [support] } });
    await page.getByText("You were mentioned").waitFor();
    await screenshot(page, "discord-toast");
    await button(/^Open$/).click();
    await thread.getByText("look here").waitFor();
  });

  test("an answer for one person is seen by that person alone", async () => {
    page = await stage.open();
    const { button, field, type } = driveDiscord(page);
    await type("/db list");
    await page.keyboard.press("Enter");
    await page.getByText("plan S", { exact: false }).last().waitFor();
    await button(/bob/).first().click();
    await field("Message #databases").waitFor();
    expect(await page.getByText("Only you can see this").count()).toBe(0);
    await button(/alice/).first().click();
    await button("Dismiss message").last().waitFor();
  });

  test("each has a draft of their own, also a command", async () => {
    page = await stage.open("discord/bob");
    const { button, field } = driveDiscord(page);
    await field("Message #databases").pressSequentially("/db status half a name");
    await button(/alice/).first().click();
    await field("Message #databases").fill("a thought");
    await button(/bob/).first().click();
    expect(await page.getByRole("combobox", { name: /^addon/ }).inputValue()).toBe("half a name");
    await button(/alice/).first().click();
    expect(await field("Message #databases").inputValue()).toBe("a thought");
  });

  test("mention each other by name, in the colour of their role", async () => {
    page = await stage.open("discord/bob");
    const { channel, type } = driveDiscord(page);
    await type("@alice have a look ");
    const message = channel.getByRole("article").filter({ hasText: "have a look" });
    await message.waitFor();
    expect(await message.locator(".mention").innerText()).toBe("@Alice Martin");
    expect(await message.getByText("Bob Durand").evaluate((name) => name.style.color)).toBe(
      "rgb(52, 152, 219)",
    );
    expect(stage.discord.user("alice").notifications.at(-1)).toMatchObject({ cause: "user" });
  });

  test("write into a thread, and read that an archived one opens again", async () => {
    page = await stage.open();
    const { button, field, thread } = driveDiscord(page);
    const { rest } = stage.bot.client;
    await rest.patch(Routes.channel(stage.bot.plan), { body: { archived: true } });
    await button("Open the thread Migrate orders").getByText("Archived").waitFor();
    await button("Open the thread Migrate orders").click();
    await thread.getByText("This thread is archived.", { exact: false }).waitFor();
    await screenshot(page, "discord-archived");
    await field('Message "Migrate orders"').fill("thank you");
    await page.keyboard.press("Enter");
    await thread.getByText("thank you").waitFor();
    await thread.getByText("This thread is archived.", { exact: false }).waitFor({ state: "detached" });
    await field('Message "Migrate orders"').press("Escape");
    await thread.waitFor({ state: "detached" });
  });
});

test("in a window of 1000 by 700 nothing sticks out, and a thread covers its channel", async () => {
  page = await stage.open("discord/alice", { width: 1000, height: 700 });
  const { button, field, form, openForm, thread } = driveDiscord(page);
  await button("Open the thread Migrate orders").click();
  await thread.waitFor();
  expect(await field("Message #databases").isVisible()).toBe(false);
  const sizes = await page.evaluate(
    "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]",
  );
  expect(sizes).toEqual([1000, 700]);
  await screenshot(page, "discord-thread-narrow");
  await button("Close the thread").click();
  await openForm();
  const submit = await form.getByRole("button", { name: "Submit" }).boundingBox();
  expect((submit?.y ?? 700) + (submit?.height ?? 0)).toBeLessThan(690);
  await screenshot(page, "discord-form-narrow");
});
