import type { MessageHandle, ThreadHandle } from "../../playground/slack/index.ts";
import type { Stage } from "./stage.ts";

/** Alice types the command, fills the form and sends it; resolves with the disclaimer in the channel. */
export async function askForMigration({ slack }: Stage, version = "18"): Promise<MessageHandle> {
  const alice = slack.user("alice");
  const before = slack.channel("#databases").messages().length;
  await alice.command("/db migrate orders", { channel: "#databases" });
  const form = await alice.waitForModal((modal) => /Difference/.test(modal.text()));
  await form.choose("version", version);
  const outcome = await form.submit();
  if (outcome.kind === "errors") throw new Error(JSON.stringify(outcome));
  return slack
    .channel("#databases")
    .waitFor(
      (message) =>
        slack.channel("#databases").messages().length > before &&
        message.buttons().includes("Migrate the database"),
    );
}

/** Asks and confirms; resolves with the thread in which the migration is told. */
export async function startMigration(stage: Stage, version = "18"): Promise<ThreadHandle> {
  const root = await askForMigration(stage, version);
  await stage.slack.user("alice").click(root, "Migrate the database", { confirm: true });
  return root.thread();
}
