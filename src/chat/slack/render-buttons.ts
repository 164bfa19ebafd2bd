import { type PressedButton, readButton, writeButton } from "../interactions/pressed-button.ts";
import type { ConfirmDialog, PressButton } from "../message.ts";
import { clip } from "../tidy.ts";
import type { ActionsBlock, Button, ConfirmationDialog } from "./blocks.ts";

/** Limits of Block Kit: button text 75, dialog title 100, text 300, answers 30 (@slack/types 3.2.0). */
const LABEL = 75;
const PREFIX = "press:";
/** Action IDs of the buttons under messages. */
export const PRESS_PATTERN = /^press:/u;

export function renderButtons(buttons: readonly PressButton[]): ActionsBlock {
  return { type: "actions", elements: buttons.map(renderButton) };
}

/** Reads a button's action ID and value; null when they are not ours. */
export function readSlackButton(actionId: string, value: string): PressedButton | null {
  if (!actionId.startsWith(PREFIX)) return null;
  const [action = ""] = actionId.slice(PREFIX.length).split(":");
  return readButton(action, value);
}

/** Action IDs are unique within their block (Block Kit, "Button element"): several applications may be about the same. */
function renderButton(button: PressButton, index: number): Button {
  const about = button.applicationId === undefined ? "" : `:${index}`;
  return {
    type: "button",
    action_id: `${PREFIX}${button.action}${about}`,
    text: { type: "plain_text", text: clip(button.label, LABEL), emoji: false },
    value: writeButton(button),
    ...(button.style === "plain" ? {} : { style: button.style }),
    ...(button.confirm === undefined ? {} : { confirm: renderDialog(button.confirm) }),
  };
}

function renderDialog(dialog: ConfirmDialog): ConfirmationDialog {
  return {
    title: { type: "plain_text", text: clip(dialog.title, 100) },
    text: { type: "plain_text", text: clip(dialog.text, 300) },
    confirm: { type: "plain_text", text: clip(dialog.confirm, 30) },
    deny: { type: "plain_text", text: clip(dialog.deny, 30) },
  };
}
