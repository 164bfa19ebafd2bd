import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { showPage } from "../../playground/demo/show-page.ts";
import { type Stage, startStage } from "../../playground/demo/start-stage.ts";
import type { Platform } from "../../playground/page/page-state.ts";
import { screenshot, withBrowser } from "../page/browser.ts";

const PATIENCE = { timeout: 90_000 };

/** What a person does differently on each platform. */
interface Hands {
  readonly name: string;
  readonly address: string;
  /** Types the command, fills the form and sends it. */
  ask(page: Page): Promise<void>;
  /** Presses the button of the newest plan and says yes. */
  confirm(page: Page): Promise<void>;
  /** The way into the thread of the newest plan. */
  threadLink(page: Page): Locator;
  calls(stage: Stage): readonly unknown[];
  violations(stage: Stage): readonly unknown[];
}

const hands: Readonly<Record<Platform, Hands>> = {
  slack: {
    name: "Slack",
    address: "#alice",
    async ask(page) {
      await typeCommand(page, "/db migrate orders");
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Difference", { exact: false }).waitFor(PATIENCE);
      await screenshot(page, "journey-slack-form");
      await dialog
        .getByRole("button", { name: /Check|Continue|Review|Submit|Next|Ask/ })
        .last()
        .click();
    },
    async confirm(page) {
      await closeDialog(page);
      await page.getByRole("button", { name: "Migrate the database" }).last().click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /Migrate/ })
        .click();
    },
    threadLink: (page) => page.getByRole("button", { name: /\d+ repl(y|ies)/ }).last(),
    calls: ({ slack }) => slack?.user("sam").notifications ?? [],
    violations: ({ slack }) => slack?.violations ?? [],
  },
  discord: {
    name: "Discord",
    address: "#discord/alice",
    async ask(page) {
      await typeCommand(page, "/db migrate orders");
      await page.getByRole("option", { name: /orders/ }).click(PATIENCE);
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      const offer = page.getByRole("button", { name: "Open the form" }).last();
      await dialog.or(offer).first().waitFor(PATIENCE);
      if (!(await dialog.isVisible())) await offer.click();
      await dialog.getByRole("button", { name: /^New version/ }).click(PATIENCE);
      await page.getByRole("option", { name: /^18/ }).click();
      await screenshot(page, "journey-discord-form");
      await dialog.getByRole("button", { name: "Submit" }).click();
    },
    async confirm(page) {
      await page.getByRole("button", { name: "Migrate the database" }).last().click();
      await page.getByRole("button", { name: "Migrate", exact: true }).last().click(PATIENCE);
    },
    threadLink: (page) => page.getByRole("button", { name: /^Open the thread/ }).last(),
    calls: ({ discord }) => discord?.user("sam").notifications ?? [],
    violations: ({ discord }) => discord?.violations ?? [],
  },
};

describe.each(["slack", "discord"] as const)("the page's tab of %s", (platform) => {
  it("takes a person in a browser from typing the command to the success card, and support to a failure", async () => {
    await withShownStage(async (stage, url) => {
      const mine = hands[platform];
      await withBrowser(async (page) => {
        await page.goto(`${url}${mine.address}`);
        await failOnce(page, { stage, mine });
        await migrate(page, { mine, turn: 2 });
        await page.getByText("orders is migrated", { exact: false }).last().waitFor(PATIENCE);
        await screenshot(page, `journey-${platform}-success`);
        expect(await page.getByText("Verified:", { exact: false }).last().isVisible()).toBe(true);
      });
      expect((await stage.shop.status()).connectedTo?.version).toMatch(/^18/);
      expect(mine.violations(stage)).toEqual([]);
    });
  }, 240_000);
});

/** Runs the demonstration with both platforms and its page. */
async function withShownStage(body: (stage: Stage, url: string) => Promise<void>): Promise<void> {
  const platforms = ["slack", "discord"] as const;
  // The local platforms limit nothing, so nobody has to wait for the pace that real ones ask for.
  const outbox = { paceShare: 0.1 };
  const stage = await startStage({ rows: 20_000, platforms, outbox, say: () => undefined });
  try {
    const shown = await showPage(stage, 0);
    try {
      await body(stage, shown.url);
    } finally {
      await shown.close();
    }
  } finally {
    await stage.stop();
  }
}

/** The first try fails while the data is compared: writes are open again, and support is mentioned and finds it. */
async function failOnce(page: Page, { stage, mine }: { stage: Stage; mine: Hands }): Promise<void> {
  stage.failure.failAt = "verify";
  await migrate(page, { mine, turn: 1 });
  await page.getByText("is back in service", { exact: false }).last().waitFor(PATIENCE);
  stage.failure.failAt = null;
  await page.getByRole("button", { name: /1 unread mentions.*sam/ }).click(PATIENCE);
  await mine.threadLink(page).click(PATIENCE);
  const thread = page.getByRole("complementary", { name: "Thread" });
  await thread.getByTitle("This is you").last().waitFor(PATIENCE);
  await screenshot(page, `journey-${mine.name.toLowerCase()}-failure`);
  expect(mine.calls(stage)).toHaveLength(1);
  await page.getByRole("button", { name: /alice.*requester/ }).click();
}

/** Asks, confirms, and opens the thread; `turn` counts the migrations of this page. */
async function migrate(page: Page, { mine, turn }: { mine: Hands; turn: number }): Promise<void> {
  await mine.ask(page);
  const confirm = page.getByRole("main").getByRole("button", { name: "Migrate the database" });
  await confirm.last().waitFor(PATIENCE);
  await screenshot(page, `journey-${mine.name.toLowerCase()}-disclaimer-${turn}`);
  const links = await threadCount(page);
  await mine.confirm(page);
  await expect.poll(() => threadCount(page), PATIENCE).toBeGreaterThan(links);
  await mine.threadLink(page).click(PATIENCE);
}

/** How many messages of the channel have a thread. */
async function threadCount(page: Page): Promise<number> {
  return page.getByRole("button", { name: /\d+ repl(y|ies)|^Open the thread/ }).count();
}

async function typeCommand(page: Page, command: string): Promise<void> {
  const composer = page.getByRole("main").getByRole("textbox", { name: /Message #databases/ });
  await composer.click();
  await page.keyboard.type(command);
}

/** The form says that the plan was posted; it has done its work. */
async function closeDialog(page: Page): Promise<void> {
  const close = page
    .getByRole("dialog")
    .getByRole("button", { name: /Close|Done/ })
    .first();
  if (await close.isVisible().catch(() => false)) await close.click();
}
