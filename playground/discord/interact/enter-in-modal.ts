import type { CheckboxGroup, Field } from "../components/component.ts";
import type { EnteredValue, OpenModal } from "../model.ts";
import { toList } from "../render/render-modal.ts";
import type { World } from "../world.ts";
import { chosenValues } from "./choose-in-message.ts";
import { findField, type PlacedField, pickOption, shownOptions } from "./find-component.ts";

/** Text inputs take as much when they do not say ("Discord, Component Reference"). */
const textLimit = 4000;

/** Enters a value into a field of a modal; the app hears of it on submit. @throws Error when it is not offered */
export function enterInModal(
  world: World,
  modal: OpenModal,
  entry: { field: string; value: EnteredValue },
): void {
  const placed = findField(modal.components, entry.field);
  world.modals.enter(modal, placed.customId, fieldValue(world, placed, entry.value));
}

function fieldValue(world: World, { field, label }: PlacedField, value: EnteredValue): EnteredValue {
  switch (field.type) {
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return toList(value).length === 0 ? [] : chosenValues(world, field, toList(value));
    case 4:
      return typedText(label, value, field.max_length ?? textLimit);
    case 21:
      return value === null || value === "" ? null : pickOption(shownOptions(field), String(value), label);
    case 22:
      return ticked(field, label, toList(value));
    case 23:
      if (typeof value === "boolean") return value;
      throw new Error(`"${label}" is ticked with true or false`);
    case 19:
      throw new Error(`"${label}" takes files, which nobody uploads here`);
  }
}

function typedText(label: string, value: EnteredValue, limit: number): string {
  if (typeof value !== "string") throw new Error(`"${label}" takes text`);
  if (value.length <= limit) return value;
  throw new Error(`"${label}" takes no more than ${limit} characters`);
}

function ticked(field: CheckboxGroup, label: string, wanted: readonly string[]): string[] {
  const most = field.max_values ?? field.options.length;
  if (wanted.length > most) throw new Error(`"${label}" takes no more than ${most} choices`);
  return wanted.map((key) => pickOption(shownOptions(field), key, label));
}

/** What is entered before anybody touched the field: defaults of options and texts ("Discord, Component Reference"). */
export function initialValue(field: Field): EnteredValue {
  switch (field.type) {
    case 3:
    case 22:
      return defaultsOf(field.options);
    case 21:
      return defaultsOf(field.options)[0] ?? null;
    case 4:
      return field.value ?? "";
    case 23:
      return field.default === true;
    case 19:
      return [];
    case 5:
    case 6:
    case 7:
    case 8:
      return (field.default_values ?? []).map(({ id }) => id);
  }
}

function defaultsOf(options: readonly { value: string; default?: boolean | null }[]): string[] {
  return options.filter((option) => option.default === true).map(({ value }) => value);
}

/** Closes a modal; Discord does not tell the app. */
export function closeModal(world: World, modal: OpenModal): void {
  world.modals.close(modal);
}
