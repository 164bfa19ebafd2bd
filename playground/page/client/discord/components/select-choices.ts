import type { Component } from "../../../../discord/index.ts";
import type { Choice, ChoiceGroup } from "../../elements/choice.ts";
import type { Directory } from "../../store/context.ts";

export type SelectPart = Extract<Component, { type: 3 | 5 | 6 | 7 | 8 }>;

type Option = Extract<Component, { type: 3 }>["options"][number];

/** What a select offers: its options, or people, roles and channels of the server. */
export function choicesOf(select: SelectPart, directory: Directory): ChoiceGroup[] {
  switch (select.type) {
    case 3:
      return [{ label: undefined, choices: select.options.map(toChoice) }];
    case 5:
      return [peopleOf(directory)];
    case 6:
      return [rolesOf(directory)];
    case 7:
      return [peopleOf(directory), rolesOf(directory)];
    case 8:
      return [channelsOf(directory)];
  }
}

export function toChoice({ label, value, description, emoji }: Option): Choice {
  const sign = emoji?.name && !emoji.id ? `${emoji.name} ` : "";
  return { value, label: `${sign}${label}`, description: description ?? undefined };
}

export function peopleOf({ users }: Directory): ChoiceGroup {
  const people = [...users.values()].filter(({ isGone }) => !isGone);
  return {
    label: "Members",
    choices: people.map(({ id, displayName, name }) => ({
      value: id,
      label: displayName,
      description: name,
    })),
  };
}

export function rolesOf({ groups }: Directory): ChoiceGroup {
  const choices = [...groups.values()].map(({ id, handle }) => ({ value: id, label: `@${handle}` }));
  return { label: "Roles", choices };
}

export function channelsOf({ channels }: Directory): ChoiceGroup {
  const places = [...channels.values()].filter(({ kind }) => kind === "public" || kind === "private");
  return { label: "Channels", choices: places.map(({ id, name }) => ({ value: id, label: `#${name}` })) };
}

/** The chosen lines; a value that is not offered any more is left out. */
export function chosenOf(groups: readonly ChoiceGroup[], values: readonly string[]): Choice[] {
  const all = groups.flatMap(({ choices }) => choices);
  return values.flatMap((value) => all.find((choice) => choice.value === value) ?? []);
}

/** The choice after a line was picked: the only one, or one more or less of several, the oldest making room. */
export function pickedValues(
  values: readonly string[],
  picked: string,
  { least, most }: { least: number; most: number },
): string[] {
  if (values.includes(picked)) {
    const rest = values.filter((value) => value !== picked);
    return rest.length < least && most === 1 ? [...values] : rest;
  }
  return [...values, picked].slice(-most);
}

/** How many one may choose; one when left out. */
export function boundsOf(select: SelectPart): { least: number; most: number } {
  return { least: select.min_values ?? 1, most: select.max_values ?? 1 };
}
