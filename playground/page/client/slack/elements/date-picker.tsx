import type { VNode } from "preact";
import type { InteractiveElement } from "../../../../slack/blocks/elements.ts";
import type { Spot } from "./host.ts";
import { type Entered, useEntry } from "./use-entry.ts";

type DateElement = Extract<InteractiveElement, { type: "datepicker" | "timepicker" | "datetimepicker" }>;

interface Props {
  readonly element: DateElement;
  readonly spot: Spot;
  readonly label: string;
  readonly describedBy?: string | undefined;
}

const inputTypes = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" } as const;

/** Dates and times with the browser's own fields. */
export function DatePicker({ element, spot, label, describedBy }: Props): VNode {
  const { value, pending, enter, error } = useEntry(spot);
  const stored = value?.selected_date ?? value?.selected_time ?? value?.selected_date_time ?? "";
  return (
    <input
      class="field field-date"
      type={inputTypes[element.type]}
      value={toField(pending ?? stored)}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={error !== undefined}
      data-action-id={spot.actionId}
      data-focus-on-load={element.focus_on_load}
      onChange={({ currentTarget }) => {
        if (currentTarget.value !== "") void enter(fromField(element, currentTarget.value));
      }}
    />
  );
}

/** Seconds since 1970 become local time, as the field wants it. */
function toField(value: Entered): string {
  if (typeof value !== "number") return String(value);
  const date = new Date(value * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function fromField({ type }: DateElement, field: string): Entered {
  return type === "datetimepicker" ? Math.floor(new Date(field).getTime() / 1000) : field;
}
