import type { ButtonElement } from "../blocks/elements.ts";
import type { Ack } from "../transport/deliver.ts";
import type { World } from "../world.ts";
import { sendBlockAction } from "./block-action.ts";
import { findButton } from "./find-element.ts";
import { blocksAt, type Origin } from "./origin.ts";

export type ClickOutcome =
  | { readonly kind: "sent"; readonly ack: Ack }
  /** The person said no in the confirm dialog: the app hears nothing. */
  | { readonly kind: "declined" };

/**
 * Presses a button. Slack's confirm dialog stays on the person's screen, so the answer is part of the press.
 * @throws Error when the button is missing, or has a confirm dialog that `confirm` does not answer
 */
export async function pressButton(
  world: World,
  press: { userId: string; origin: Origin; button: string; confirm?: boolean | undefined },
): Promise<ClickOutcome> {
  const placed = findButton(blocksAt(press.origin), press.button);
  const button = placed.element as ButtonElement;
  if (button.confirm && press.confirm === undefined) {
    throw new Error(
      `the button "${button.text.text}" asks "${button.confirm.text.text}": say { confirm: true } or { confirm: false }`,
    );
  }
  if (button.confirm && press.confirm === false) return { kind: "declined" };
  const value = {
    text: button.text,
    ...(button.value === undefined ? {} : { value: button.value }),
    ...(button.url === undefined ? {} : { url: button.url }),
    ...(button.style === undefined ? {} : { style: button.style }),
  };
  return { kind: "sent", ack: await sendBlockAction(world, { ...press, placed, value }) };
}
