import type { Component, OpenModal } from "../../../../discord/index.ts";

export type LabelPart = Extract<Component, { type: 18 }>;
export type Field = LabelPart["component"];
export type Entered = OpenModal["values"][string];

/** Text inputs take as much when they do not say ("Discord, Component Reference"). */
export const textLimit = 4000;

/** Every field of a form, with its label. */
export function fieldsOf({ components }: OpenModal): { readonly label: string; readonly field: Field }[] {
  return components.flatMap((component) => {
    if (component.type === 18) return [{ label: component.label, field: component.component }];
    if (component.type !== 1) return [];
    return component.components.flatMap((field) =>
      field.type === 4 ? [{ label: field.label ?? "", field }] : [],
    );
  });
}

/** Everything is required that does not say otherwise, but for a single tick. */
export function isRequired(field: Field): boolean {
  return field.type !== 23 && field.required !== false;
}

export function toList(value: Entered | undefined): readonly string[] {
  if (value === undefined || value === null || value === "" || typeof value === "boolean") return [];
  return typeof value === "string" ? [value] : value;
}

/** The least that a field takes once something is entered. */
export function leastOf(field: Field): number {
  switch (field.type) {
    case 4:
      return field.min_length ?? 0;
    case 21:
    case 23:
      return 0;
    default:
      return field.min_values ?? 1;
  }
}

/** The most that one can choose. */
export function mostOf(field: Field): number {
  if (field.type === 22) return field.max_values ?? field.options.length;
  return "max_values" in field ? (field.max_values ?? 1) : 1;
}
