import type { Button, Component, EntitySelect, Field, StringSelect } from "../components/component.ts";
import { flattenComponents } from "../components/find-components.ts";

export interface PlacedField {
  readonly field: Field;
  readonly customId: string;
  readonly label: string;
}

export interface ShownOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly isDefault: boolean;
}

/** A button's label, or its emoji where it has none. */
export function buttonText(button: Button): string {
  return button.label ?? button.emoji?.name ?? "";
}

/** The button a person means, by label or custom_id. @throws Error that lists what is there */
export function findButton(components: readonly Component[], key: string): Button {
  const buttons = flattenComponents(components).filter((component) => component.type === 2);
  const found =
    buttons.find((button) => buttonText(button) === key) ??
    buttons.find(({ custom_id }) => custom_id === key);
  if (found) return found;
  const list = buttons.map((button) => `"${buttonText(button)}" (${button.custom_id ?? button.url})`);
  throw new Error(`there is no button "${key}" here. There are: ${list.join(", ") || "none"}`);
}

/** A select of a message, by custom_id or placeholder. @throws Error that lists what is there */
export function findSelect(components: readonly Component[], key: string): StringSelect | EntitySelect {
  const selects = flattenComponents(components).filter(isSelect);
  const found =
    selects.find(({ custom_id }) => custom_id === key) ??
    selects.find(({ placeholder }) => placeholder === key);
  if (found) return found;
  const list = selects.map(({ placeholder, custom_id }) => `"${placeholder ?? ""}" (${custom_id})`);
  throw new Error(`there is no select "${key}" here. There are: ${list.join(", ") || "none"}`);
}

function isSelect(component: Component): component is StringSelect | EntitySelect {
  return component.type === 3 || (component.type >= 5 && component.type <= 8);
}

/** Every field of a modal. */
export function fieldsOf(components: readonly Component[]): PlacedField[] {
  return components.flatMap((component) => {
    if (component.type === 18) {
      const field = component.component;
      return [{ field, customId: field.custom_id, label: component.label }];
    }
    if (component.type !== 1) return [];
    return component.components.flatMap((field) =>
      field.type === 4 ? [{ field, customId: field.custom_id, label: field.label ?? "" }] : [],
    );
  });
}

/** A field of a modal, by custom_id or label. @throws Error that lists what is there */
export function findField(components: readonly Component[], key: string): PlacedField {
  const fields = fieldsOf(components);
  const found = fields.find(({ customId }) => customId === key) ?? fields.find(({ label }) => label === key);
  if (found) return found;
  const list = fields.map(({ label, customId }) => `"${label}" (${customId})`).join(", ");
  throw new Error(`there is no field "${key}" here. There are: ${list || "none"}`);
}

export function shownOptions(field: Field | StringSelect | EntitySelect): ShownOption[] {
  if (field.type !== 3 && field.type !== 21 && field.type !== 22) return [];
  return field.options.map(({ label, value, description, default: isDefault }) => ({
    label,
    value,
    ...(description ? { description } : {}),
    isDefault: isDefault === true,
  }));
}

/** The value of an offered option, named by value or label. @throws Error that lists what is offered */
export function pickOption(options: readonly ShownOption[], key: string, label: string): string {
  const found = options.find(({ value }) => value === key) ?? options.find((option) => option.label === key);
  if (found) return found.value;
  const list = options.map(({ label, value }) => `"${label}" (${value})`).join(", ");
  throw new Error(`"${label}" does not offer "${key}". It offers: ${list || "nothing"}`);
}
