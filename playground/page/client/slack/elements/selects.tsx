import type { VNode } from "preact";
import type { InteractiveElement } from "../../../../slack/blocks/elements.ts";
import type { SelectedOption, StateValue } from "../../../../slack/model.ts";
import type { Choice, ChoiceGroup } from "../../elements/choice.ts";
import { Picker } from "../../elements/picker.tsx";
import { type Directory, useDirectory } from "../../store/context.ts";
import { plainString } from "../text/text-object.tsx";
import { elementKey } from "./element-key.ts";
import type { Host, Spot } from "./host.ts";
import { channelGroup, offeredGroups, peopleGroup, suggestedGroup, toChoice } from "./offered-choices.ts";
import { type Entered, useEntry } from "./use-entry.ts";

export type SelectElement = Extract<InteractiveElement, { type: `${string}_select` }>;

export interface SelectProps {
  readonly element: SelectElement;
  readonly spot: Spot;
  readonly label: string;
  readonly describedBy?: string | undefined;
}

/** Slack asks the app after three characters unless the element says otherwise. */
const defaultQueryLength = 3;

/** Every kind of select menu, for one choice or several. */
export function Select({ element, spot, label, describedBy }: SelectProps): VNode {
  const directory = useDirectory();
  const { host, value, pending, enter, error } = useEntry(spot);
  const isMulti = element.type.startsWith("multi_");
  const groups = localGroups(element, directory);
  const stored = chosenIn(value, groups ?? []);
  const chosen = pending === undefined ? stored : pendingChoices(pending, groups ?? [], stored);
  const pick = (choice: Choice): void => void enter(isMulti ? toggled(stored, choice) : choice.value);
  return (
    <Picker
      label={label}
      placeholder={
        element.placeholder
          ? plainString(element.placeholder)
          : isMulti
            ? "Choose options"
            : "Choose an option"
      }
      chosen={chosen}
      actionId={spot.actionId}
      isMulti={isMulti}
      isBusy={pending !== undefined}
      isInvalid={error !== undefined}
      describedBy={describedBy}
      focusOnLoad={element.focus_on_load}
      source={groups ?? ((typed) => load(host, spot, typed))}
      minimum={groups ? 0 : queryLength(element)}
      onPick={pick}
    />
  );
}

async function load(host: Host, spot: Spot, typed: string): Promise<ChoiceGroup[]> {
  const element = elementKey(host.blocks, spot);
  const options = await host.act({ type: "suggest", ...host.place, element, text: typed });
  return suggestedGroup((options ?? []) as SelectedOption[]);
}

function queryLength(element: SelectElement): number {
  return "min_query_length" in element
    ? (element.min_query_length ?? defaultQueryLength)
    : defaultQueryLength;
}

/** Undefined for an external select, whose choices the app loads. */
function localGroups(element: SelectElement, directory: Directory): ChoiceGroup[] | undefined {
  switch (element.type) {
    case "static_select":
    case "multi_static_select":
      return offeredGroups(element);
    case "external_select":
    case "multi_external_select":
      return undefined;
    case "users_select":
    case "multi_users_select":
      return peopleGroup(directory);
    default:
      return channelGroup(directory);
  }
}

/** What is stored: options carry their own text, ids are looked up. */
function chosenIn(value: StateValue | undefined, groups: readonly ChoiceGroup[]): Choice[] {
  if (!value) return [];
  const options = [value.selected_option, ...(value.selected_options ?? [])];
  const ids = [
    value.selected_user,
    value.selected_channel,
    value.selected_conversation,
    ...(value.selected_users ?? []),
    ...(value.selected_channels ?? []),
    ...(value.selected_conversations ?? []),
  ];
  return [
    ...options.flatMap((option) => (option ? [toChoice(option)] : [])),
    ...ids.flatMap((id) => (id ? [named(id, groups)] : [])),
  ];
}

function pendingChoices(
  pending: Entered,
  groups: readonly ChoiceGroup[],
  stored: readonly Choice[],
): Choice[] {
  const values = typeof pending === "object" ? pending : [String(pending)];
  return values.map((value) => stored.find((choice) => choice.value === value) ?? named(value, groups));
}

function named(value: string, groups: readonly ChoiceGroup[]): Choice {
  const choices = groups.flatMap((group) => group.choices);
  return choices.find((choice) => choice.value === value) ?? { value, label: "…" };
}

function toggled(chosen: readonly Choice[], picked: Choice): string[] {
  const values = chosen.map(({ value }) => value);
  return values.includes(picked.value)
    ? values.filter((value) => value !== picked.value)
    : [...values, picked.value];
}
