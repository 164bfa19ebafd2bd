import type { SelectedOption } from "../../../../slack/model.ts";
import type { Choice, ChoiceGroup } from "../../elements/choice.ts";
import type { Directory } from "../../store/context.ts";

interface OptionLike {
  readonly text: { readonly text: string };
  readonly value?: string | undefined;
  readonly description?: { readonly text: string } | undefined;
}

export function toChoice({ text, value, description }: OptionLike): Choice {
  return { value: value ?? "", label: text.text, description: description?.text };
}

/** The groups a static select offers. */
export function offeredGroups(element: {
  readonly options?: readonly OptionLike[] | undefined;
  readonly option_groups?:
    | readonly { readonly label: { readonly text: string }; readonly options: readonly OptionLike[] }[]
    | undefined;
}): ChoiceGroup[] {
  if (element.options) return [{ label: undefined, choices: element.options.map(toChoice) }];
  return (element.option_groups ?? []).map(({ label, options }) => ({
    label: label.text,
    choices: options.map(toChoice),
  }));
}

export function suggestedGroup(options: readonly SelectedOption[]): ChoiceGroup[] {
  return [{ label: undefined, choices: options.map(toChoice) }];
}

/** People, for selects of people. */
export function peopleGroup({ users }: Directory): ChoiceGroup[] {
  const people = [...users.values()].filter(({ isGone }) => !isGone);
  return [
    {
      label: undefined,
      choices: people.map(({ id, displayName, name }) => ({
        value: id,
        label: displayName,
        description: `@${name}`,
      })),
    },
  ];
}

/** Channels, for selects of channels and conversations. */
export function channelGroup({ channels }: Directory): ChoiceGroup[] {
  const open = [...channels.values()].filter(({ kind, isArchived }) => kind !== "direct" && !isArchived);
  return [{ label: undefined, choices: open.map(({ id, name }) => ({ value: id, label: `#${name}` })) }];
}
