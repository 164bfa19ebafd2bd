import type { SelectedOption } from "../../../slack/model.ts";
import type { Directory } from "../store/context.ts";

/** One line of a menu. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string | undefined;
}

export interface ChoiceGroup {
  readonly label: string | undefined;
  readonly choices: readonly Choice[];
}

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
  const people = [...users.values()].filter(({ deleted }) => !deleted);
  return [
    {
      label: undefined,
      choices: people.map(({ id, realName, name }) => ({
        value: id,
        label: realName,
        description: `@${name}`,
      })),
    },
  ];
}

/** Channels, for selects of channels and conversations. */
export function channelGroup({ channels }: Directory): ChoiceGroup[] {
  const open = [...channels.values()].filter(({ kind, isArchived }) => kind !== "im" && !isArchived);
  return [{ label: undefined, choices: open.map(({ id, name }) => ({ value: id, label: `#${name}` })) }];
}

/** The groups with only what contains the typed text, in any order of its words. */
export function filterGroups(groups: readonly ChoiceGroup[], typed: string): ChoiceGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, description = "" }: Choice): boolean => {
    const text = `${label} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map(({ label, choices }) => ({ label, choices: choices.filter(fits) }))
    .filter(({ choices }) => choices.length > 0);
}
