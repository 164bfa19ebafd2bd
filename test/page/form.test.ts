import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { screenshot } from "./browser.ts";
import { drive } from "./drive.ts";
import { type Stage, startStage } from "./open-page.ts";

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await startStage();
});

afterEach(async () => {
  await page.close();
  stage.slack.world.views.clear("U0ALICE");
});

afterAll(async () => {
  await stage.stop();
  expect(stage.slack.violations).toEqual([]);
  expect(stage.complaints).toEqual([]);
});

test("command, form, choice, submission, message, confirmation, thread", async () => {
  page = await stage.open();
  const { field, button, dialog, openForm, choose, thread } = drive(page);
  await screenshot(page, "start");
  await openForm();
  await choose("Database", "orders");
  await choose("New plan", "M ·");
  await page.getByText("Then: plan pg-m.").waitFor();
  await screenshot(page, "form");
  await field("Reason").fill("the disk is full");
  await button("Check and post").click();
  await button("Migrate the database").click();
  await dialog("Migrate orders now?").getByRole("button", { name: "Not now" }).click();
  expect(stage.bot.heard).not.toContain("confirm");
  await button("Migrate the database").click();
  await dialog("Migrate orders now?").getByRole("button", { name: "Migrate it" }).click();
  await button(/1 reply/).click();
  const step = thread.getByRole("listitem").filter({ hasText: "Replicate" });
  expect(await step.innerText()).toContain("In progress");
  await screenshot(page, "thread");
  expect(JSON.parse(stage.bot.heard.find((heard) => heard.startsWith("{")) ?? "{}")).toMatchObject({
    addon: { addon: { selected_option: { value: "addon_orders" } } },
    plan: { plan: { selected_option: { value: "pg-m" } } },
    strategy: { strategy: { selected_option: { value: "live" } } },
    reason: { reason: { value: "the disk is full" } },
  });
});

describe("a form", () => {
  test("keeps what is typed and the focus while the app changes it", async () => {
    page = await stage.open();
    const { field, button, openForm } = drive(page);
    await openForm();
    await field("Reason").pressSequentially("half a ");
    const view = stage.slack.world.views.top("U0ALICE")?.wire.id ?? "";
    await stage.slack.act({ type: "choose", user: "alice", view, element: "plan", value: "pg-l" });
    await page.getByText("Then: plan pg-l.").waitFor();
    await page.keyboard.type("sentence");
    expect(await field("Reason").inputValue()).toBe("half a sentence");
    expect(await button(/^New plan:/).innerText()).toContain("L ·");
  });

  test("shows an error at its field, and takes it away when the field changes", async () => {
    page = await stage.open();
    const { field, button, openForm, choose, isFocused } = drive(page);
    await openForm();
    await button("Check and post").click();
    const missing = page.getByText("Please complete this required field.");
    await missing.first().waitFor();
    expect(await missing.count()).toBe(2);
    await until(() => isFocused(button(/^Database:/)), { what: "the focus on the first wrong field" });
    await choose("Database", "users");
    await until(async () => (await missing.count()) === 1, { what: "one error less" });
    await field("Reason").fill("abc");
    await button("Check and post").click();
    await page.getByText("Say a little more.").waitFor();
    expect(await field("Reason").getAttribute("aria-invalid")).toBe("true");
    await screenshot(page, "form-error");
  });

  test("works with the keyboard alone, and gives the focus back", async () => {
    page = await stage.open();
    const { field, button, dialog, isFocused } = drive(page);
    await page.keyboard.type("/db mi");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await dialog("Migrate a database").waitFor();
    await until(() => isFocused(button(/^Database:/)), { what: "the focus on the first field" });
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option", { name: "users" }).waitFor();
    await page.keyboard.type("ord");
    await page.getByRole("option", { name: "users" }).waitFor({ state: "detached" });
    await page.getByRole("option", { name: "orders" }).waitFor();
    await page.keyboard.press("Enter");
    await button(/^Database: orders/).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText("Then: plan pg-m.").waitFor();
    await page.keyboard.press("Escape");
    await dialog("Migrate a database").waitFor({ state: "detached" });
    await until(() => isFocused(field("Message #databases")), { what: "the focus back in the channel" });
  });

  test("says when the app does not answer, and can be sent again", async () => {
    page = await stage.open();
    const { field, button, dialog, openForm, choose } = drive(page);
    await openForm();
    await choose("Database", "orders");
    await field("Reason").fill("the disk is full");
    stage.slack.setRequestUrl("http://127.0.0.1:9/nobody");
    await button("Check and post").click();
    await dialog("Migrate a database").getByText("The form did not get through").waitFor();
    stage.slack.setRequestUrl(undefined);
    await button("Check and post").click();
    await dialog("Migrate a database").waitFor({ state: "detached" });
  });
});
