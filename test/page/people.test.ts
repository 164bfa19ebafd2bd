import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type DatabaseRole, startPage } from "../../playground/page/start-page.ts";
import { until } from "../support/until.ts";
import { screenshot } from "./browser.ts";
import { drive } from "./drive.ts";
import { type Stage, startStage } from "./open-page.ts";
import { failMigration } from "./sample-bot.ts";

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await startStage();
});

afterEach(async () => {
  await page.close();
  for (const id of ["U0ALICE", "U0BOB", "U0SAM"]) stage.slack.world.views.clear(id);
});

afterAll(async () => {
  await stage.stop();
  expect(stage.slack.violations).toEqual([]);
});

describe("people", () => {
  test("support is called in the thread, and finds the way there", async () => {
    page = await stage.open("alice");
    const { button, openForm, submitForm, thread } = drive(page);
    await openForm();
    await submitForm();
    await button("Migrate the database").click();
    await button("Migrate it").click();
    await button(/1 reply/).waitFor();
    await failMigration(stage.app, stage.bot);
    await page.getByRole("button", { name: /1 unread mentions.*sam/ }).click();
    await screenshot(page, "failure-channel");
    await button(/^Activity/).click();
    await button(/Mention of your group/).click();
    await thread.getByRole("heading", { name: "failed at step 4 of 8" }).waitFor();
    expect(await thread.getByTitle("This is you").innerText()).toBe("@support");
    const step = thread.getByRole("listitem").filter({ hasText: "Replicate" });
    expect(await step.innerText()).toContain("Failed");
    await until(async () => (await page.getByText("unread mentions").count()) === 0, { what: "no badge" });
    await screenshot(page, "failure");
  });

  test("an answer for one person is seen by that person alone", async () => {
    page = await stage.open("alice");
    const { button, field, type } = drive(page);
    await type("/db list");
    await page.getByText("Only visible to you").waitFor();
    await button(/bob/).first().click();
    await field("Message #databases").waitFor();
    expect(await page.getByText("Only visible to you").count()).toBe(0);
  });

  test("each has a form and a draft of their own", async () => {
    page = await stage.open("alice");
    const { button, dialog, field, openForm } = drive(page);
    await openForm();
    await button(/bob/).first().click();
    await dialog("Migrate a database").waitFor({ state: "detached" });
    await field("Message #databases").fill("half a thought");
    await button(/alice/).first().click();
    await dialog("Migrate a database").waitFor();
    await page.keyboard.press("Escape");
    await dialog("Migrate a database").waitFor({ state: "detached" });
    expect(await field("Message #databases").inputValue()).toBe("");
    await button(/bob/).first().click();
    expect(await field("Message #databases").inputValue()).toBe("half a thought");
  });

  test("mention each other by name", async () => {
    page = await stage.open("bob");
    await drive(page).type("@alice have a look ");
    await page.getByText("have a look").waitFor();
    expect(stage.slack.snapshot().notifications.at(-1)).toMatchObject({ userId: "U0ALICE" });
  });

  test("open the app's Home tab", async () => {
    page = await stage.open("alice");
    await drive(page)
      .button(/^Godwit/)
      .click();
    await page.getByText("Nothing runs now").waitFor();
  });
});

describe("beside the chat", () => {
  test("the switch makes the chosen step fail", async () => {
    page = await stage.open();
    await page.getByLabel("The step that fails").selectOption("verify");
    await page.getByRole("switch", { name: "Make a step fail" }).click();
    await page.getByText("This step fails when a migration reaches it.").waitFor();
    expect(stage.demo.actions).toEqual([{ type: "fail-at", step: "verify" }]);
    await page.getByRole("switch", { name: "Make a step fail" }).click();
    await page.getByText("Every step works.").waitFor();
  });

  test("a scenario is chosen for the next migration at the stand-in, and taken back", async () => {
    page = await stage.open();
    const platform = page.getByRole("region", { name: "Clever Cloud" });
    expect(await platform.innerText()).toMatch(
      /a stand-in\s+reports\s+PostgreSQL 15 XS Small Space · par\s+RUNNING: DUMP_AND_RESTORE/,
    );
    const choice = platform.getByLabel("Its next migration, which moves no data");
    await choice.selectOption("The copy fails, it does not return");
    await expect.poll(() => stage.demo.state.platform?.scenario).toBe("failed");
    await choice.selectOption("goes well");
    await expect.poll(() => stage.demo.state.platform?.scenario).toBeNull();
    expect(stage.demo.actions.slice(-2)).toEqual([
      { type: "scenario", name: "failed" },
      { type: "scenario", name: null },
    ]);
  });

  test("databases and writes are numbers and words, and move", async () => {
    page = await stage.open();
    const lab = page.getByRole("complementary", { name: "What really happens" });
    expect(await lab.innerText()).toMatch(/148,213[\s\S]*144 refused[\s\S]*refused for 2.9 s/);
    await lab.getByRole("img", { name: /accepted, 144 refused/ }).waitFor();
    const roles: DatabaseRole[] = ["old, closed", "in use"];
    const databases = stage.demo.state.databases.map((database, index) => ({
      ...database,
      role: roles[index] ?? "new",
    }));
    stage.demo.state = { ...stage.demo.state, databases };
    await lab.getByText("old, closed").waitFor();
  });
});

test("in a window of 1000 by 700 nothing sticks out, and a thread covers its channel", async () => {
  page = await stage.open("alice", { width: 1000, height: 700 });
  const { button, field, openForm, thread } = drive(page);
  await button(/\d repl/)
    .last()
    .click();
  await thread.waitFor();
  expect(await field("Message #databases").isVisible()).toBe(false);
  const sizes = await page.evaluate(
    "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]",
  );
  expect(sizes).toEqual([1000, 700]);
  await screenshot(page, "thread-narrow");
  await button("Close the thread").click();
  await openForm();
  const submit = await button("Check and post").boundingBox();
  expect((submit?.y ?? 700) + (submit?.height ?? 0)).toBeLessThan(690);
  await screenshot(page, "form-narrow");
});

test("says when the playground is gone, and goes on when it is back", async () => {
  const { slack, demo, browser } = stage;
  const first = await startPage({ slack, ...demo });
  page = await browser.newPage();
  await page.goto(first.url);
  await drive(page).field("Message #databases").fill("a draft");
  await first.close();
  await page.getByText("The playground does not answer").waitFor();
  const second = await startPage({ slack, ...demo, port: Number(new URL(first.url).port) });
  await page.getByText("The playground does not answer").waitFor({ state: "detached", timeout: 20_000 });
  expect(await drive(page).field("Message #databases").inputValue()).toBe("a draft");
  await second.close();
});
