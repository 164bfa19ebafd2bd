import type { VNode } from "preact";
import type { InteractiveElement } from "../../../../slack/blocks/elements.ts";
import { Button } from "./button.tsx";
import { ChoicesList } from "./choices-list.tsx";
import { DatePicker } from "./date-picker.tsx";
import { OverflowMenu } from "./overflow-menu.tsx";
import { Select } from "./selects.tsx";
import { TextInput } from "./text-input.tsx";

interface Props {
  readonly element: InteractiveElement;
  readonly blockId: string;
  readonly label: string;
  readonly describedBy?: string | undefined;
  readonly dispatches?: boolean;
}

/** Any interactive element of Block Kit. */
export function ElementView({ element, blockId, label, describedBy, dispatches = true }: Props): VNode {
  const spot = { blockId, actionId: element.action_id ?? "" };
  const shared = { spot, label, describedBy };
  switch (element.type) {
    case "button":
      return <Button element={element} spot={spot} />;
    case "overflow":
      return <OverflowMenu element={element} spot={spot} />;
    case "radio_buttons":
    case "checkboxes":
      return <ChoicesList element={element} {...shared} />;
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <DatePicker element={element} {...shared} />;
    case "plain_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return <TextInput element={element} dispatches={dispatches} {...shared} />;
    default:
      return <Select element={element} {...shared} />;
  }
}
