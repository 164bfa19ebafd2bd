import type { VNode } from "preact";
import { useId } from "preact/hooks";
import type { Component, OpenModal } from "../../../../discord/index.ts";
import { Icon } from "../../draw/icon.tsx";
import { Markdown } from "../text/markdown.tsx";
import { FieldView } from "./field-view.tsx";
import { type Field, isRequired } from "./form-field.ts";
import type { Form } from "./use-form.ts";

/** The parts of a form one below the other: texts, and fields under their labels. */
export function FormParts({ modal, form }: { modal: OpenModal; form: Form }): VNode {
  return (
    <>
      {modal.components.map((component) => (
        <PartView key={component.id} component={component} form={form} />
      ))}
    </>
  );
}

function PartView({ component, form }: { component: Component; form: Form }): VNode | null {
  if (component.type === 10) return <Markdown source={component.content} />;
  if (component.type === 18) {
    const { label, description, component: field } = component;
    return <Labelled label={label} description={description ?? ""} field={field} form={form} />;
  }
  if (component.type !== 1) return null;
  return (
    <>
      {component.components.map(
        (field) =>
          field.type === 4 && (
            <Labelled key={field.id} label={field.label ?? ""} description="" field={field} form={form} />
          ),
      )}
    </>
  );
}

interface LabelledProps {
  readonly label: string;
  readonly description: string;
  readonly field: Field;
  readonly form: Form;
}

function Labelled({ label, description, field, form }: LabelledProps): VNode {
  const id = useId();
  const error = form.errors[field.custom_id];
  const describedBy = [description && `${id}-about`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class={error ? "dc-field dc-field-wrong" : "dc-field"}>
      <div class="dc-label" id={`${id}-label`}>
        {label}
        {isRequired(field) && (
          <span class="dc-needed">
            <span aria-hidden="true">*</span>
            <span class="visually-hidden"> (required)</span>
          </span>
        )}
      </div>
      {description !== "" && (
        <div class="dc-label-about" id={`${id}-about`}>
          {description}
        </div>
      )}
      <FieldView field={field} label={label} describedBy={describedBy || undefined} form={form} />
      {error && (
        <div class="dc-field-error" id={`${id}-error`}>
          <Icon name="alert" size={14} /> {error}
        </div>
      )}
    </div>
  );
}
