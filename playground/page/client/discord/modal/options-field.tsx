import type { VNode } from "preact";
import { useId } from "preact/hooks";
import type { FieldProps } from "./field-view.tsx";
import { type Entered, type Field, toList } from "./form-field.ts";

type OptionsPart = Extract<Field, { type: 21 | 22 | 23 }>;

interface Line {
  readonly value: string;
  readonly label: string;
  readonly description?: string | null | undefined;
}

/** Radio buttons, checkboxes, or a single checkbox. */
export function OptionsField({ field, label, describedBy, form }: FieldProps<OptionsPart>): VNode {
  const name = useId();
  const value = form.values[field.custom_id];
  const isRadio = field.type === 21;
  return (
    <div
      class="dc-options"
      role={isRadio ? "radiogroup" : "group"}
      aria-label={label}
      aria-describedby={describedBy}
    >
      {linesOf(field, label).map((line) => (
        <label class="dc-option" key={line.value}>
          <input
            type={isRadio ? "radio" : "checkbox"}
            name={name}
            checked={isTicked(value, line.value)}
            aria-invalid={form.errors[field.custom_id] !== undefined}
            data-action-id={field.custom_id}
            onChange={() => form.enter(field.custom_id, toggled(field, value, line.value))}
          />
          <span>
            {line.label}
            {line.description && <small>{line.description}</small>}
          </span>
        </label>
      ))}
    </div>
  );
}

/** A single checkbox is its own label. */
function linesOf(field: OptionsPart, label: string): readonly Line[] {
  return field.type === 23 ? [{ value: "true", label }] : field.options;
}

function isTicked(value: Entered | undefined, line: string): boolean {
  return typeof value === "boolean" ? value : toList(value).includes(line);
}

function toggled(field: OptionsPart, value: Entered | undefined, line: string): Entered {
  if (field.type === 23) return value !== true;
  if (field.type === 21) return line;
  const chosen = toList(value);
  return chosen.includes(line) ? chosen.filter((other) => other !== line) : [...chosen, line];
}
