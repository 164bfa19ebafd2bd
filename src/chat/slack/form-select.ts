import { FORM_WORDS } from "../present/form.ts";
import { clip, tidy } from "../tidy.ts";
import type { InputBlock, PlainTextOption } from "./blocks.ts";
import type { ModalField } from "./form-context.ts";

/** Limits of a select: 75 characters for text and value, 100 options (@slack/types 3.2.0). */
const OPTION_CHARACTERS = 75;
const OPTIONS = 100;

/** A select that asks Godwit anew when it is changed; null when there is nothing to choose. */
export function selectBlock(
  name: Exclude<ModalField, "startAt">,
  choices: readonly (PlainTextOption | null)[],
  chosen: { readonly value: string; readonly blockId: string },
): InputBlock | null {
  const options = choices.filter((choice) => choice !== null).slice(0, OPTIONS);
  const initial = options.find((choice) => choice.value === chosen.value);
  if (options.length === 0) return null;
  return {
    type: "input",
    block_id: chosen.blockId,
    dispatch_action: true,
    label: { type: "plain_text", text: FORM_WORDS.fields[name] },
    element: {
      type: "static_select",
      action_id: name,
      options,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  };
}

/** Null when the value is too long for Slack: cutting an ID would name something else. */
export function option(value: string, text: string): PlainTextOption | null {
  if (value === "" || Array.from(value).length > OPTION_CHARACTERS) return null;
  return {
    text: { type: "plain_text", text: clip(tidy(text, OPTION_CHARACTERS), OPTION_CHARACTERS), emoji: false },
    value,
  };
}
