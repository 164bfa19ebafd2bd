import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { showPage } from "../../playground/demo/show-page.ts";
import { startStage } from "../../playground/demo/start-stage.ts";
import { screenshot, withBrowser } from "../page/browser.ts";

const PATIENCE = { timeout: 90_000 };

it("takes a person in a browser from typing the command to the success card, and support to a failure", async () => {
  const stage = await startStage({ rows: 20_000, say: () => undefined });
  try {
    const shown = await showPage(stage, 0);
    try {
      await withBrowser(async (page) => {
        await page.goto(shown.url);
        await failOnce(page, stage);
        await migrate(page, 2);
        await page.getByText("orders is migrated", { exact: false }).last().waitFor(PATIENCE);
        await screenshot(page, "journey-success");
        expect(await page.getByText("Verified:", { exact: false }).last().isVisible()).toBe(true);
      });
      expect((await stage.shop.status()).connectedTo?.version).toMatch(/^18/);
      expect(stage.slack.violations).toEqual([]);
    } finally {
      await shown.close();
    }
  } finally {
    await stage.stop();
  }
}, 240_000);

/** The first try fails while the data is compared: writes are open again, and support is mentioned. */
async function failOnce(page: Page, stage: Awaited<ReturnType<typeof startStage>>): Promise<void> {
  stage.failure.failAt = "verify";
  await migrate(page, 1);
  await page.getByText("is back in service", { exact: false }).last().waitFor(PATIENCE);
  stage.failure.failAt = null;
  await screenshot(page, "journey-failure");
  expect(stage.slack.user("sam").notifications).toHaveLength(1);
}

/** Types the command, sends the form, confirms, and opens the thread; `turn` counts the migrations of this page. */
async function migrate(page: Page, turn: number): Promise<void> {
  const composer = page.getByRole("textbox", { name: /Message #databases/ });
  await composer.click();
  await composer.pressSequentially("/db migrate orders");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Difference", { exact: false }).waitFor(PATIENCE);
  await screenshot(page, "journey-form");
  await dialog
    .getByRole("button", { name: /Check|Continue|Review|Submit|Next|Ask/ })
    .last()
    .click();
  const confirm = page.getByRole("button", { name: "Migrate the database" }).last();
  await confirm.waitFor(PATIENCE);
  await screenshot(page, "journey-disclaimer");
  await closeDialog(page);
  await confirm.click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Migrate/ })
    .click();
  await page
    .getByRole("button", { name: /\d+ repl(y|ies)/ })
    .nth(turn - 1)
    .click(PATIENCE);
}

/** The form says that the plan was posted; it has done its work. */
async function closeDialog(page: Page): Promise<void> {
  const close = page
    .getByRole("dialog")
    .getByRole("button", { name: /Close|Done/ })
    .first();
  if (await close.isVisible().catch(() => false)) await close.click();
}
