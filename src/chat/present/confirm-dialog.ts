import type { Migration } from "../../core/migration.ts";
import type { PressAction } from "../../core/ports/chat.ts";
import { consentsOf } from "../../core/preflight.ts";
import type { ConfirmDialog, PressButton } from "../message.ts";
import { tidy } from "../tidy.ts";
import { priceSentence } from "./billing.ts";
import { isReturn } from "./revert.ts";
import { durationRange } from "./wording.ts";

const CANCEL: ConfirmDialog = {
  title: "Cancel the migration?",
  text: "What was done so far is taken back. The database that is in service now stays, and accepts writes.",
  confirm: "Cancel it",
  deny: "Keep going",
};

const RETURN: ConfirmDialog = {
  title: "Return to the old database?",
  text: "What stands of the migration is taken back, and the old database is put back into service. Nothing that was written to it is lost.",
  confirm: "Return",
  deny: "Not yet",
};

const REDEPLOY: ConfirmDialog = {
  title: "Deploy the application anew?",
  text: "It is built and started again, with the variables of the add-on as they are now. The thread says how that ends.",
  confirm: "Redeploy",
  deny: "Not yet",
};

/** What a press asks before it has its effect, as the migration stands; null for what needs no second thought. */
export function confirmDialog(
  action: PressAction,
  migration: Migration,
  redo: readonly string[] = [],
): ConfirmDialog | null {
  switch (action) {
    case "confirm":
      return isReturn(migration) ? returnDialog(migration) : migrateDialog(migration);
    case "consent":
      return consentDialog(migration);
    case "cancel":
      return migration.state === "awaiting_confirmation" ? null : CANCEL;
    case "retry":
      return migration.state === "rolled_back" ? retryDialog(migration) : redoDialog(redo);
    case "return":
      return RETURN;
    case "start":
      return startDialog(migration);
    case "switch":
      return switchDialog(migration);
    case "redeploy":
      return REDEPLOY;
    case "recheck":
    case "acknowledge":
    case "solve":
    case "revert":
    case "wait":
    case "page":
    case "disarm":
    case "pause":
    case "resume":
      return null;
  }
}

/** A button's words and colour; `redo` for those that try again: what is done again. */
interface ButtonLook extends Pick<PressButton, "label" | "style"> {
  readonly redo?: readonly string[];
}

/** A button of a migration with the dialog that its action asks for. */
export function buttonFor(
  action: PressAction,
  migration: Migration,
  { redo, ...look }: ButtonLook,
): PressButton {
  const confirm = confirmDialog(action, migration, redo);
  return { action, ...look, migrationId: migration.id, ...(confirm && { confirm }) };
}

/** Below each call for support: whoever presses it looks after the migration. */
export function acknowledgeButton(migration: Migration): PressButton {
  return buttonFor("acknowledge", migration, { label: "Acknowledge", style: "plain" });
}

function migrateDialog(migration: Migration): ConfirmDialog {
  const text = `${tidy(migration.source.addonName, 60)} is read-only for about ${windowOf(migration)}, and its address and password change. ${priceSentence(migration.quote)}`;
  return { title: "Migrate the database?", text, confirm: "Migrate", deny: "Not yet" };
}

/** At most 300 characters go into a dialog of Slack; the message says all of it. */
function consentDialog({ preflight }: Migration): ConfirmDialog {
  const asked = consentsOf(preflight).map(({ summary }) => tidy(summary, 180));
  const text = `${asked.slice(0, 1).join("")} Your consent is kept with your name and the time. Nothing starts yet.`;
  return { title: "Do you consent?", text, confirm: "I consent", deny: "Not yet" };
}

function returnDialog(migration: Migration): ConfirmDialog {
  const name = tidy(migration.source.addonName, 60);
  const text = `What was written to ${name} since the switch, and is written until it is read-only, is lost to its applications. Its address and password change back.`;
  return { title: "Return to the old database?", text, confirm: "Return", deny: "Not yet" };
}

/** It starts at once, with no plan to confirm, so it asks. */
function retryDialog(migration: Migration): ConfirmDialog {
  const text = `The same migration begins anew at once. ${tidy(migration.source.addonName, 60)} is read-only again for about ${windowOf(migration)}.`;
  return { title: "Try the migration again?", text, confirm: "Try again", deny: "Not yet" };
}

/** What is done again, in order; a step that was done stays done. */
function redoDialog(redo: readonly string[]): ConfirmDialog {
  const steps = redo.map((title) => `“${tidy(title, 60)}”`).join(", ");
  const text = `Done again, in this order: ${steps}. What was done before stays.`;
  return { title: "Retry from this step?", text, confirm: "Retry", deny: "Not yet" };
}

function startDialog(migration: Migration): ConfirmDialog {
  const text = `It does not wait for its time. ${tidy(migration.source.addonName, 60)} is read-only for about ${windowOf(migration)}, and its address and password change.`;
  return { title: "Start the migration now?", text, confirm: "Start now", deny: "Not yet" };
}

function switchDialog(migration: Migration): ConfirmDialog {
  const text = `${tidy(migration.source.addonName, 60)} is read-only for about ${windowOf(migration)}, then its address and password change. A switch that takes too long is taken back by itself.`;
  return { title: "Switch now?", text, confirm: "Switch now", deny: "Not yet" };
}

function windowOf({ preflight }: Migration): string {
  const { minSeconds, maxSeconds } = preflight.estimate;
  return durationRange(minSeconds, maxSeconds);
}
