import type { PlacedElement } from "../blocks/find-elements.ts";
import { flattenOptions } from "../blocks/options.ts";
import type { SelectedOption, StateValue } from "../model.ts";

/** What a person enters: an option's value or visible text, several of them, or seconds since 1970 for a time. */
export type Entered = string | number | readonly string[];

/** Options a static element offers; external ones are loaded by typing. */
export function offeredOptions({ element }: PlacedElement): SelectedOption[] {
  switch (element.type) {
    case "static_select":
    case "multi_static_select":
    case "radio_buttons":
    case "checkboxes":
    case "overflow":
      return flattenOptions(element);
    default:
      return [];
  }
}

/**
 * The value of an element after a person entered something.
 * @throws Error when the element does not offer it, listing what it offers
 */
export function enteredValue(
  placed: PlacedElement,
  entered: Entered,
  offered: readonly SelectedOption[],
): StateValue {
  const { type } = placed.element;
  const one = String(entered);
  const many = Array.isArray(entered) ? entered.map(String) : [one];
  switch (type) {
    case "static_select":
    case "external_select":
    case "radio_buttons":
    case "overflow":
      return { type, selected_option: pickOption(placed, one, offered) };
    case "multi_static_select":
    case "multi_external_select":
    case "checkboxes":
      return { type, selected_options: many.map((key) => pickOption(placed, key, offered)) };
    case "plain_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return { type, value: one === "" ? null : one };
    case "datetimepicker":
      return { type, selected_date_time: Number(entered) };
    case "button":
      throw new Error(`"${placed.label}" is a button: click it`);
    default:
      return plainValue(type, one, many);
  }
}

type PlainType = Exclude<
  PlacedElement["element"]["type"],
  | "button"
  | "overflow"
  | "static_select"
  | "external_select"
  | "radio_buttons"
  | "multi_static_select"
  | "multi_external_select"
  | "checkboxes"
  | "plain_text_input"
  | "number_input"
  | "email_text_input"
  | "url_text_input"
  | "datetimepicker"
>;

function plainValue(type: PlainType, one: string, many: readonly string[]): StateValue {
  switch (type) {
    case "datepicker":
      return { type, selected_date: one };
    case "timepicker":
      return { type, selected_time: one };
    case "users_select":
      return { type, selected_user: one };
    case "multi_users_select":
      return { type, selected_users: many };
    case "channels_select":
      return { type, selected_channel: one };
    case "multi_channels_select":
      return { type, selected_channels: many };
    case "conversations_select":
      return { type, selected_conversation: one };
    case "multi_conversations_select":
      return { type, selected_conversations: many };
  }
}

function pickOption(placed: PlacedElement, key: string, offered: readonly SelectedOption[]): SelectedOption {
  const found = offered.find(({ value }) => value === key) ?? offered.find(({ text }) => text.text === key);
  if (found) return found;
  const list = offered.map(({ value, text }) => `"${text.text}" (${value})`).join(", ") || "nothing";
  throw new Error(`"${placed.label || placed.actionId}" does not offer "${key}". It offers: ${list}`);
}
