import type { FormStart } from "../../core/form.ts";
import { FORM_WORDS, windowChoice } from "../present/form.ts";
import type { InputBlock } from "./blocks.ts";
import type { EnteredField, FormContext } from "./form-context.ts";
import { option, selectBlock } from "./form-select.ts";

type Entered = ReadonlyMap<string, EnteredField> | undefined;

/** When it starts: a choice, and a day and time where those are chosen; Slack shows them in the person's own zone. */
export function startBlocks(
  start: FormStart | undefined,
  context: FormContext,
  entered: Entered,
): (InputBlock | null)[] {
  if (start === undefined) return [];
  const { chosen: value, opening } = start;
  const before = entered?.get("start");
  const blockId = before?.value === value ? before.blockId : `start:${context.revision}`;
  const choices = [
    option("now", FORM_WORDS.starts.now),
    ...(opening ? [option("window", windowChoice(opening))] : []),
    option("at", FORM_WORDS.starts.at),
  ];
  const select = selectBlock("start", choices, { value, blockId });
  return start.at === null ? [select] : [select, timeBlock(start.at, context, entered)];
}

function timeBlock(at: Date, context: FormContext, entered: Entered): InputBlock {
  return {
    type: "input",
    block_id: entered?.get("startAt")?.blockId ?? `startAt:${context.revision}`,
    label: { type: "plain_text", text: FORM_WORDS.fields.startAt },
    element: {
      type: "datetimepicker",
      action_id: "startAt",
      initial_date_time: Math.floor(at.getTime() / 1000),
    },
  };
}
