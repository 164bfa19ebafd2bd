import { ComponentType, TextInputStyle } from "discord.js";
import type { PressedButton } from "../interactions/pressed-button.ts";
import { REASON_LIMIT, type ReasonPrompt } from "../present/reason-prompt.ts";
import { clip } from "../tidy.ts";
import type { Modal } from "./components.ts";
import { readPressId, writePressId } from "./press-id.ts";

const PREFIX = "reason";
/** Limit of a placeholder (Discord, "Component Reference", Text Input). */
const PLACEHOLDER = 100;

/** The modal in which a person writes why; its custom ID is the press that it belongs to. */
export function reasonModal(prompt: ReasonPrompt, pressed: PressedButton): Modal {
  return {
    custom_id: writePressId(PREFIX, pressed),
    title: prompt.title,
    components: [
      { type: ComponentType.TextDisplay, content: prompt.text },
      {
        type: ComponentType.Label,
        label: prompt.label,
        component: {
          type: ComponentType.TextInput,
          custom_id: PREFIX,
          style: TextInputStyle.Paragraph,
          min_length: 1,
          max_length: REASON_LIMIT,
          placeholder: clip(prompt.placeholder, PLACEHOLDER),
          required: true,
        },
      },
    ],
  };
}

/** The press that a submitted modal belongs to, with what was written; null when the modal is none of these. */
export function readReason(
  customId: string,
  fields: Readonly<Record<string, string>>,
): { readonly pressed: PressedButton; readonly reason: string } | null {
  const read = readPressId(customId);
  return read?.name === PREFIX ? { pressed: read.pressed, reason: fields[PREFIX] ?? "" } : null;
}
