import {
  type ButtonValue,
  type PressedButton,
  readButton,
  writeButton,
} from "../interactions/pressed-button.ts";

/** A custom ID that names a press. At most 100 characters (Discord, "Component Reference"): an ID of 20 and a hash of 64 fit. */
export function writePressId(name: string, pressed: ButtonValue & Pick<PressedButton, "action">): string {
  return `${name}:${pressed.action}:${writeButton(pressed)}`;
}

/** Reads what `writePressId` wrote; null when it names no press. */
export function readPressId(
  customId: string,
): { readonly name: string; readonly pressed: PressedButton } | null {
  const [name = "", action = "", ...value] = customId.split(":");
  const pressed = readButton(action, value.join(":"));
  return pressed === null ? null : { name, pressed };
}
