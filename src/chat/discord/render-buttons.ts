import { ButtonStyle, ComponentType } from "discord.js";
import type { PressAction } from "../../core/ports/chat.ts";
import type { PressedButton } from "../interactions/pressed-button.ts";
import type { ConfirmDialog, PressButton } from "../message.ts";
import { clean, clip } from "../tidy.ts";
import type { ActionRow, Button, RowPart } from "./components.ts";
import { readPressId, writePressId } from "./press-id.ts";

/** Limits of components: 80 characters of a label, 5 buttons in a row (Discord, "Component Reference"). */
const LABEL = 80;
const IN_ROW = 5;

/**
 * What a press means: `press` acts at once, `ask` shows the dialog that Discord's buttons do not have, `sure` and
 * `no` are its two answers.
 */
const WAYS = ["press", "ask", "sure", "no"] as const;
export type PressWay = (typeof WAYS)[number];

export interface DiscordPress {
  readonly way: PressWay;
  readonly pressed: PressedButton;
}

/** Buttons under a message; those with a dialog ask first. */
export function renderButtons(buttons: readonly PressButton[]): ActionRow<RowPart>[] {
  return rowsOf(
    buttons.map((button) =>
      buttonOf(button.label, {
        customId: writePressId(button.confirm === undefined ? "press" : "ask", button),
        style: STYLES[button.style],
      }),
    ),
  );
}

/** The two answers of a dialog. */
export function renderDialogButtons(dialog: ConfirmDialog, pressed: PressedButton): ActionRow<RowPart>[] {
  return rowsOf([
    buttonOf(dialog.confirm, { customId: writePressId("sure", pressed), style: SURE_STYLES[pressed.action] }),
    buttonOf(dialog.deny, { customId: writePressId("no", pressed), style: ButtonStyle.Secondary }),
  ]);
}

/** Reads a button's custom ID; null when it is none of these. */
export function readDiscordButton(customId: string): DiscordPress | null {
  const read = readPressId(customId);
  const way = WAYS.find((known) => known === read?.name);
  return way === undefined || read === null ? null : { way, pressed: read.pressed };
}

/** One button; its label is cut to what Discord takes. */
export function buttonOf(
  label: string,
  { customId, style }: { readonly customId: string; readonly style: Button["style"] },
): Button {
  return { type: ComponentType.Button, style, label: clip(clean(label), LABEL) || "…", custom_id: customId };
}

/** Buttons in as few rows as Discord allows. */
export function rowsOf(buttons: readonly Button[]): ActionRow<RowPart>[] {
  const rows: ActionRow<RowPart>[] = [];
  for (let first = 0; first < buttons.length; first += IN_ROW) {
    rows.push({ type: ComponentType.ActionRow, components: buttons.slice(first, first + IN_ROW) });
  }
  return rows;
}

const STYLES: Readonly<Record<PressButton["style"], Button["style"]>> = {
  primary: ButtonStyle.Primary,
  danger: ButtonStyle.Danger,
  plain: ButtonStyle.Secondary,
};

const SURE_STYLES: Readonly<Record<PressAction, Button["style"]>> = {
  confirm: ButtonStyle.Success,
  consent: ButtonStyle.Success,
  cancel: ButtonStyle.Danger,
  recheck: ButtonStyle.Success,
  retry: ButtonStyle.Success,
  acknowledge: ButtonStyle.Success,
  solve: ButtonStyle.Danger,
  return: ButtonStyle.Danger,
  redeploy: ButtonStyle.Success,
  revert: ButtonStyle.Danger,
  wait: ButtonStyle.Secondary,
  page: ButtonStyle.Success,
  switch: ButtonStyle.Success,
  disarm: ButtonStyle.Secondary,
  pause: ButtonStyle.Secondary,
  start: ButtonStyle.Success,
  resume: ButtonStyle.Success,
};
