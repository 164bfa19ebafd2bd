import type { VNode } from "preact";
import { Picker } from "../../elements/picker.tsx";
import { useDirectory } from "../../store/context.ts";
import {
  boundsOf,
  choicesOf,
  chosenOf,
  pickedValues,
  type SelectPart,
} from "../components/select-choices.ts";
import { type Field, isRequired, textLimit, toList } from "./form-field.ts";
import { OptionsField } from "./options-field.tsx";
import type { Form } from "./use-form.ts";

export interface FieldProps<Kind extends Field = Field> {
  readonly field: Kind;
  readonly label: string;
  readonly describedBy: string | undefined;
  readonly form: Form;
}

/** Any field of a form. */
export function FieldView({ field, ...rest }: FieldProps): VNode {
  switch (field.type) {
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return <SelectField field={field} {...rest} />;
    case 4:
      return <TextField field={field} {...rest} />;
    case 21:
    case 22:
    case 23:
      return <OptionsField field={field} {...rest} />;
    case 19:
      return <p class="dc-label-about">Files cannot be uploaded on this page.</p>;
  }
}

function SelectField({ field, label, describedBy, form }: FieldProps<SelectPart>): VNode {
  const groups = choicesOf(field, useDirectory());
  const values = toList(form.values[field.custom_id]);
  const { most } = boundsOf(field);
  const least = isRequired(field) ? 1 : 0;
  const placeholder = field.placeholder ?? (most === 1 ? "Make a selection" : "Make selections");
  return (
    <Picker
      label={label}
      placeholder={placeholder}
      chosen={chosenOf(groups, values)}
      actionId={field.custom_id}
      isMulti={most > 1}
      isInvalid={form.errors[field.custom_id] !== undefined}
      describedBy={describedBy}
      source={groups}
      onPick={({ value }) => form.enter(field.custom_id, pickedValues(values, value, { least, most }))}
    />
  );
}

function TextField({ field, label, describedBy, form }: FieldProps<Extract<Field, { type: 4 }>>): VNode {
  const shared = {
    class: "field",
    value: String(form.values[field.custom_id] ?? ""),
    placeholder: field.placeholder ?? undefined,
    maxLength: field.max_length ?? textLimit,
    "aria-label": label,
    "aria-describedby": describedBy,
    "aria-required": isRequired(field),
    "aria-invalid": form.errors[field.custom_id] !== undefined,
    "data-action-id": field.custom_id,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      form.enter(field.custom_id, currentTarget.value),
  };
  return field.style === 2 ? <textarea {...shared} rows={4} /> : <input type="text" {...shared} />;
}
