import type { EphemeralMessage, Message } from "../model.ts";
import type { World } from "../world.ts";
import { type Ack, deliver } from "./deliver.ts";
import { buttonText, findButton } from "./find-component.ts";
import { requireMessage } from "./require-message.ts";

export type ClickOutcome =
  | { readonly kind: "sent"; readonly ack: Ack }
  /** A link button opens in the browser; the app hears nothing. */
  | { readonly kind: "opened"; readonly url: string };

/** Presses a button. @throws Error when it is missing, disabled, or out of the person's sight */
export async function pressButton(
  world: World,
  press: { userId: string; message: Message | EphemeralMessage; button: string },
): Promise<ClickOutcome> {
  const { message, userId } = press;
  requireMessage(world, message, userId);
  const button = findButton(message.components, press.button);
  if (button.disabled === true) throw new Error(`the button "${buttonText(button)}" is disabled`);
  if (button.style === 5) return { kind: "opened", url: button.url ?? "" };
  const { ack } = await deliver(world, {
    kind: "component",
    userId,
    channelId: message.channelId,
    commandName: "",
    customId: button.custom_id ?? null,
    message,
    data: { component_type: 2, custom_id: button.custom_id, id: button.id },
  });
  return { kind: "sent", ack };
}
