import type { Choice, ChoiceGroup } from "../../elements/choice.ts";
import type { PickerProps } from "../../elements/picker.tsx";
import type { Directory } from "../../store/context.ts";
import { channelsOf, peopleOf, rolesOf } from "../components/select-choices.ts";
import type { PersonAction } from "../store/use-act.ts";
import { type CommandDraft, commandValues } from "./command-draft.ts";
import type { CommandOption } from "./command-entries.ts";

interface Context {
  readonly draft: CommandDraft;
  readonly channelId: string;
  readonly directory: Directory;
  readonly act: (action: PersonAction) => Promise<unknown>;
}

/** What an option offers while one types: fixed choices, people and places, or what the app suggests. */
export function sourceOf(option: CommandOption, context: Context): PickerProps["source"] {
  if (option.choices && option.choices.length > 0) return [groupOf(option.choices)];
  if (option.autocomplete === true) return (typed) => suggested(option, typed, context);
  const { directory } = context;
  switch (option.type) {
    case 5:
      return [groupOf([choiceOf("True", "true"), choiceOf("False", "false")])];
    case 6:
      return [peopleOf(directory)];
    case 7:
      return [channelsOf(directory)];
    case 8:
      return [rolesOf(directory)];
    case 9:
      return [peopleOf(directory), rolesOf(directory)];
    default:
      return [];
  }
}

/** Asks the app, with what stands in the other options. */
async function suggested(option: CommandOption, typed: string, context: Context): Promise<ChoiceGroup[]> {
  const { draft, channelId: channel, act } = context;
  const options = { ...commandValues(draft), [option.name]: typed };
  const text = `/${draft.name}`;
  const answer = await act({ type: "autocomplete", channel, text, option: option.name, options });
  return [groupOf((answer ?? []) as NonNullable<CommandOption["choices"]>)];
}

function choiceOf(name: string, value: string | number) {
  return { name, value };
}

function groupOf(choices: NonNullable<CommandOption["choices"]>): ChoiceGroup {
  return {
    label: undefined,
    choices: choices.map(({ name, value }): Choice => ({ label: name, value: String(value) })),
  };
}
