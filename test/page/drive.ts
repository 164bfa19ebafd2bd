import type { Locator, Page } from "playwright-core";

/** What a person does on the page, by what they read. */
export interface Driver {
  readonly field: (name: string) => Locator;
  readonly button: (name: string | RegExp) => Locator;
  readonly dialog: (name: string) => Locator;
  readonly thread: Locator;
  /** Types into the channel and sends it. */
  readonly type: (text: string) => Promise<void>;
  /** Types the command and waits for its form. */
  readonly openForm: () => Promise<void>;
  readonly choose: (label: string, option: string) => Promise<void>;
  /** Fills the form and sends it; the plan is then on its way to the channel. */
  readonly submitForm: () => Promise<void>;
  readonly isFocused: (locator: Locator) => Promise<boolean>;
}

export function drive(page: Page): Driver {
  const field = (name: string): Locator => page.getByRole("textbox", { name });
  const button = (name: string | RegExp): Locator => page.getByRole("button", { name });
  const dialog = (name: string): Locator => page.getByRole("dialog", { name });
  const type = async (text: string): Promise<void> => {
    await field("Message #databases").fill(text);
    await page.keyboard.press("Enter");
  };
  const choose = async (label: string, option: string): Promise<void> => {
    await button(new RegExp(`^${label}:`)).click();
    await page.getByRole("option", { name: option }).click();
  };
  const openForm = async (): Promise<void> => {
    await type("/db migrate orders");
    await dialog("Migrate a database").waitFor();
  };
  const submitForm = async (): Promise<void> => {
    await choose("Database", "orders");
    await field("Reason").fill("the disk is full");
    await button("Check and post").click();
    await dialog("Migrate a database").waitFor({ state: "detached" });
  };
  const thread = page.getByRole("complementary", { name: "Thread" });
  const isFocused = (locator: Locator): Promise<boolean> =>
    locator.evaluate((element) => element === element.ownerDocument.activeElement);
  return { field, button, dialog, thread, type, openForm, choose, submitForm, isFocused };
}
