import type { Accessory, InteractiveElement } from "../blocks/elements.ts";
import { offeredOptions } from "../interact/entered-value.ts";
import type { StateValue } from "../model.ts";
import type { Names } from "./names.ts";

/** An element as plain text: `[Button]`, `(o) chosen ( ) other`, `[Chosen v]`, `[typed text]`. */
export function renderElement(
  element: InteractiveElement | Accessory,
  value: StateValue | undefined,
  names: Names,
): string {
  switch (element.type) {
    case "image":
      return `[image: ${element.alt_text}]`;
    case "button":
      return `[${element.text.text}]`;
    case "overflow":
      return `[… ${element.options.map(({ text }) => text.text).join(" | ")}]`;
    case "radio_buttons":
    case "checkboxes":
      return renderChoices(element, value);
    default: {
      const shown = valueText(value, names);
      const hint = "placeholder" in element ? element.placeholder?.text : undefined;
      return isTyped(element) ? `[${shown || hint || ""}]` : `[${shown || hint || "choose"} v]`;
    }
  }
}

function isTyped({ type }: { type: string }): boolean {
  return type.endsWith("_input");
}

function renderChoices(
  element: Extract<InteractiveElement, { type: "radio_buttons" | "checkboxes" }>,
  value: StateValue | undefined,
): string {
  const [on, off] = element.type === "checkboxes" ? ["[x]", "[ ]"] : ["(o)", "( )"];
  const chosen = [value?.selected_option, ...(value?.selected_options ?? [])].map((option) => option?.value);
  const placed = {
    element,
    blockId: "",
    actionId: "",
    label: "",
    isInput: false,
    isOptional: true,
    dispatches: false,
  };
  return offeredOptions(placed)
    .map((option, index) => {
      const description = element.options[index]?.description?.text;
      const mark = chosen.includes(option.value) ? on : off;
      return `${mark} ${option.text.text}${description === undefined ? "" : ` - ${description}`}`;
    })
    .join("\n");
}

export function valueText(value: StateValue | undefined, names: Names): string {
  if (!value) return "";
  const parts = [
    value.value,
    value.selected_option?.text.text,
    ...(value.selected_options ?? []).map(({ text }) => text.text),
    value.selected_date,
    value.selected_time,
    value.selected_date_time ? new Date(value.selected_date_time * 1000).toISOString() : undefined,
    ...[value.selected_user, ...(value.selected_users ?? [])].map((id) => id && `@${names.user(id)}`),
    ...[value.selected_channel, ...(value.selected_channels ?? [])].map(
      (id) => id && `#${names.channel(id)}`,
    ),
    ...[value.selected_conversation, ...(value.selected_conversations ?? [])].map(
      (id) => id && `#${names.channel(id)}`,
    ),
  ];
  return parts.filter((part) => part !== undefined && part !== null && part !== "").join(", ");
}
