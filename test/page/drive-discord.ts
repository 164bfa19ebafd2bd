import type { Locator, Page } from "playwright-core";
import type { Driver } from "./drive.ts";

/** What a person does in the Discord tab, by what they read. */
export interface DiscordDriver
  extends Pick<Driver, "field" | "button" | "thread" | "openForm" | "choose" | "submitForm"> {
  /** The form on top. */
  readonly form: Locator;
  /** The messages of the channel. */
  readonly channel: Locator;
  /** Types into the channel as it comes, and sends it by Enter. */
  readonly type: (text: string) => Promise<void>;
  readonly option: (name: string | RegExp) => Locator;
  /** Presses the button of the plan, and says yes. */
  readonly confirmTwice: () => Promise<void>;
}

export function driveDiscord(page: Page): DiscordDriver {
  const field = (name: string): Locator => page.getByRole("textbox", { name });
  const button = (name: string | RegExp): Locator => page.getByRole("button", { name });
  const option = (name: string | RegExp): Locator => page.getByRole("option", { name });
  const form = page.getByRole("dialog", { name: "Migrate a database" });
  const thread = page.getByRole("complementary", { name: "Thread" });
  const channel = page.getByRole("main").getByRole("log");
  const type = async (text: string): Promise<void> => {
    await field("Message #databases").click();
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };
  const openForm = async (): Promise<void> => {
    await field("Message #databases").click();
    await page.keyboard.type("/db migrate orders");
    await option(/orders/).click();
    await page.keyboard.press("Enter");
    await form.waitFor();
  };
  const choose = async (label: string, name: string): Promise<void> => {
    await button(new RegExp(`^${label}:`)).click();
    await option(new RegExp(`^${name}\\b`)).click();
  };
  const submitForm = async (): Promise<void> => {
    await choose("New plan", "M");
    await field("Reason").fill("the disk is full");
    await button("Submit").click();
    await form.waitFor({ state: "detached" });
  };
  const confirmTwice = async (): Promise<void> => {
    await channel.getByRole("button", { name: "Migrate the database" }).last().click();
    await button("Yes, migrate it").last().click();
  };
  return { field, button, option, form, thread, channel, type, openForm, choose, submitForm, confirmTwice };
}
