import type { Component, Field, Label } from "../components/component.ts";
import type { EnteredValue, OpenModal } from "../model.ts";
import type { Names } from "./names.ts";
import { renderMarkdown } from "./render-markdown.ts";

/** A modal as a person would read it, with what is entered so far. */
export function renderModal(modal: OpenModal, names: Names): string {
  const failed = modal.state === "failed" ? ["Something went wrong. Try again."] : [];
  return [...failed, ...modal.components.map((component) => renderPart(component, modal, names))].join("\n");
}

function renderPart(component: Component, modal: OpenModal, names: Names): string {
  if (component.type === 10) return renderMarkdown(component.content, names);
  if (component.type === 18) return renderLabel(component, modal);
  if (component.type !== 1) return "";
  return component.components
    .flatMap((field) => (field.type === 4 ? [`${field.label ?? ""}: ${entered(field, modal)}`] : []))
    .join("\n");
}

function renderLabel(label: Label, modal: OpenModal): string {
  const field = label.component;
  const options =
    field.type === 3 || field.type === 21 || field.type === 22
      ? field.options.map(({ label, description }) => `  - ${label}${description ? `: ${description}` : ""}`)
      : [];
  return [
    `${label.label}${isRequired(field) ? "" : " (optional)"}: ${entered(field, modal)}`,
    ...(label.description ? [`  ${label.description}`] : []),
    ...options,
  ].join("\n");
}

/** Everything is required unless it says otherwise ("Discord, Component Reference"); a checkbox never is. */
export function isRequired(field: Field): boolean {
  return field.type !== 23 && field.required !== false;
}

function entered(field: Field, modal: OpenModal): string {
  const value = modal.values[field.custom_id] ?? null;
  if (typeof value === "boolean") return value ? "[x]" : "[ ]";
  const values: readonly string[] = toList(value);
  const placeholder = "placeholder" in field ? field.placeholder : undefined;
  if (values.length === 0) return placeholder ? `(${placeholder})` : "";
  if (field.type !== 3 && field.type !== 21 && field.type !== 22) return values.join(", ");
  return values.map((one) => field.options.find((option) => option.value === one)?.label ?? one).join(", ");
}

export function toList(value: EnteredValue): readonly string[] {
  if (value === null || value === "" || typeof value === "boolean") return [];
  return typeof value === "string" ? [value] : value;
}
