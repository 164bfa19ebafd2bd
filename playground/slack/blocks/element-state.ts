import type { SelectedOption, StateValue, StateValues } from "../model.ts";
import type { Block } from "./block.ts";
import type { InteractiveElement } from "./elements.ts";
import { findElements } from "./find-elements.ts";

/** The value an element shows when it is first drawn; undefined for buttons and overflow menus, which keep none. */
function initialState(element: InteractiveElement): StateValue | undefined {
  const { type } = element;
  switch (element.type) {
    case "button":
    case "overflow":
      return undefined;
    case "plain_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return { type, value: element.initial_value ?? null };
    case "static_select":
    case "external_select":
    case "radio_buttons":
      return { type, selected_option: (element.initial_option as SelectedOption | undefined) ?? null };
    case "multi_static_select":
    case "multi_external_select":
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "datepicker":
      return { type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type, selected_time: element.initial_time ?? null };
    case "datetimepicker":
      return { type, selected_date_time: element.initial_date_time ?? null };
    case "users_select":
      return { type, selected_user: element.initial_user ?? null };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "channels_select":
      return { type, selected_channel: element.initial_channel ?? null };
    case "multi_channels_select":
      return { type, selected_channels: element.initial_channels ?? [] };
    case "conversations_select":
      return { type, selected_conversation: element.initial_conversation ?? null };
    case "multi_conversations_select":
      return { type, selected_conversations: element.initial_conversations ?? [] };
  }
}

/**
 * The values after blocks were (re)drawn: what a person entered stays where block_id, action_id and element type are
 * unchanged; `initial_*` counts only for elements that were not there before.
 */
export function stateAfter(blocks: readonly Block[], before: StateValues): StateValues {
  const values: StateValues = {};
  for (const { element, blockId, actionId } of findElements(blocks)) {
    const initial = initialState(element);
    if (initial === undefined) continue;
    const kept = before[blockId]?.[actionId];
    (values[blockId] ??= {})[actionId] = kept?.type === initial.type ? kept : initial;
  }
  return values;
}

export function isEmpty(value: StateValue | undefined): boolean {
  if (value === undefined) return true;
  return Object.entries(value).every(
    ([key, part]) =>
      key === "type" || part === null || part === "" || (Array.isArray(part) && part.length === 0),
  );
}
