import type { PressAction } from "../../core/ports/chat.ts";
import type { ConfirmDialog, PressButton } from "../message.ts";
import { clip } from "../tidy.ts";
import type { ActionsBlock, Button, ConfirmationDialog } from "./blocks.ts";

/** Limits of Block Kit: button text 75, dialog title 100, text 300, answers 30 (@slack/types 3.2.0). */
const LABEL = 75;
const PREFIX = "press:";
const ACTIONS: ReadonlySet<string> = new Set<PressAction>([
  "confirm",
  "cancel",
  "recheck",
  "retry",
  "acknowledge",
  "solve",
]);

/** Action IDs of the buttons under messages. */
export const PRESS_PATTERN = /^press:/u;

/** What a pressed button asks for. */
export interface PressedButton {
  readonly action: PressAction;
  readonly migrationId: string;
  readonly planHash: string | null;
}

export function renderButtons(buttons: readonly PressButton[]): ActionsBlock {
  return { type: "actions", elements: buttons.map(renderButton) };
}

/** Reads a button's action ID and value; null when they are not ours. */
export function readButton(actionId: string, value: string): PressedButton | null {
  const action = actionId.slice(PREFIX.length);
  const [migrationId, planHash] = value.split(" ");
  if (!actionId.startsWith(PREFIX) || !isPressAction(action) || !migrationId) return null;
  return { action, migrationId, planHash: planHash ?? null };
}

function renderButton(button: PressButton): Button {
  return {
    type: "button",
    action_id: `${PREFIX}${button.action}`,
    text: { type: "plain_text", text: clip(button.label, LABEL), emoji: false },
    value: [button.migrationId, ...(button.planHash === undefined ? [] : [button.planHash])].join(" "),
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

function isPressAction(action: string): action is PressAction {
  return ACTIONS.has(action);
}
