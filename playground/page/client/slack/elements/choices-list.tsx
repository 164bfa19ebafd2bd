import type { VNode } from "preact";
import { useId } from "preact/hooks";
import type { InteractiveElement } from "../../../../slack/blocks/elements.ts";
import { TextView } from "../text/text-object.tsx";
import type { Spot } from "./host.ts";
import { useEntry } from "./use-entry.ts";

type ListElement = Extract<InteractiveElement, { type: "radio_buttons" | "checkboxes" }>;

interface Props {
  readonly element: ListElement;
  readonly spot: Spot;
  readonly label: string;
  readonly describedBy?: string | undefined;
}

/** Radio buttons and checkboxes, with their descriptions. */
export function ChoicesList({ element, spot, label, describedBy }: Props): VNode {
  const { value, pending, enter, error } = useEntry(spot);
  const name = useId();
  const isRadio = element.type === "radio_buttons";
  const chosen = pending === undefined ? valuesOf(value) : [pending].flat().map(String);
  const toggle = (option: string): void => {
    const rest = chosen.filter((other) => other !== option);
    void enter(isRadio ? option : chosen.includes(option) ? rest : [...rest, option]);
  };
  return (
    <div
      class="choices"
      role={isRadio ? "radiogroup" : "group"}
      aria-label={label}
      aria-describedby={describedBy}
    >
      {element.options.map((option, index) => (
        <label class="choice" key={option.value}>
          <input
            type={isRadio ? "radio" : "checkbox"}
            name={name}
            checked={chosen.includes(option.value)}
            aria-invalid={error !== undefined}
            data-action-id={spot.actionId}
            data-focus-on-load={index === 0 ? element.focus_on_load : undefined}
            onChange={() => toggle(option.value)}
          />
          <span class="choice-text">
            <TextView text={option.text} />
            {option.description && (
              <small>
                <TextView text={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </div>
  );
}

function valuesOf(value: ReturnType<typeof useEntry>["value"]): string[] {
  const options = [value?.selected_option, ...(value?.selected_options ?? [])];
  return options.flatMap((option) => (option?.value === undefined ? [] : [option.value]));
}
