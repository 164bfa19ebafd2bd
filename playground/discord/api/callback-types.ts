import type { InteractionKind } from "../model.ts";
import type { ResponseKind } from "../state/interactions.ts";

/** "Discord, Interaction Callback Type". */
export const callbackTypes = {
  message: 4,
  thinking: 5,
  deferredUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;

/** Which types answer which interaction ("Discord, Receiving and Responding"). */
export function allowedTypes(kind: InteractionKind, hasMessage: boolean): readonly number[] {
  const { message, thinking, deferredUpdate, update, choices, modal } = callbackTypes;
  const updates = hasMessage ? [deferredUpdate, update] : [];
  switch (kind) {
    case "autocomplete":
      return [choices];
    case "command":
      return [message, thinking, modal];
    case "component":
      return [message, thinking, ...updates, modal];
    case "modal":
      return [message, thinking, ...updates];
  }
}

export function responseKind(type: number): ResponseKind {
  switch (type) {
    case callbackTypes.message:
      return "message";
    case callbackTypes.thinking:
      return "thinking";
    case callbackTypes.deferredUpdate:
      return "deferred-update";
    case callbackTypes.update:
      return "update";
    case callbackTypes.modal:
      return "modal";
    default:
      return "choices";
  }
}
