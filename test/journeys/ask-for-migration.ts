import type { WaitOptions } from "../../playground/local/matching.ts";
import { until } from "../support/until.ts";
import type { ChatDriver, ChatMessage, ChatThread, FormChoices } from "./platform/chat-driver.ts";

/** What is asked for, and how long one waits for it. */
interface Wish extends FormChoices {
  readonly patience?: WaitOptions;
}

/** Alice types the command, fills the form and sends it; resolves with the disclaimer in the channel. */
export async function askForMigration(chat: ChatDriver, wish: Wish = {}): Promise<ChatMessage> {
  const { patience, ...choices } = { version: "18", ...wish };
  const before = chat.messages().length;
  await chat.person("alice").fillsForm(choices, patience);
  return chat.waitFor(
    (message) => chat.messages().length > before && message.buttons().includes("Migrate the database"),
    patience,
  );
}

/** Asks and confirms; resolves with the thread in which the migration is told. */
export async function startMigration(chat: ChatDriver, wish: Wish = {}): Promise<ChatThread> {
  const root = await askForMigration(chat, wish);
  await chat.person("alice").presses(root, "Migrate the database");
  return root.thread();
}

/** Waits until a migration reads as wanted. */
export async function untilState(
  stage: { migration(): Promise<{ readonly state: string }> },
  state: string,
): Promise<void> {
  await until(async () => (await stage.migration()).state === state, {
    what: `the migration to be ${state}`,
    timeoutMs: 60_000,
  });
}
