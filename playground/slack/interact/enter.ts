import type { PlacedElement } from "../blocks/find-elements.ts";
import type { SelectedOption, StateValue } from "../model.ts";
import type { Ack } from "../transport/deliver.ts";
import type { World } from "../world.ts";
import { sendBlockAction } from "./block-action.ts";
import { type Entered, enteredValue, offeredOptions } from "./entered-value.ts";
import { findElement } from "./find-element.ts";
import { blocksAt, enterAt, type Origin, stateAt } from "./origin.ts";
import { suggest } from "./suggest.ts";

export interface Entry {
  readonly userId: string;
  readonly origin: Origin;
  /** action_id, block_id or label. */
  readonly element: string;
  readonly entered: Entered;
}

/**
 * Enters a value into an element. The app is told when the element dispatches: always in section and actions blocks,
 * in input blocks only with `dispatch_action`. Undefined when the app is not told.
 */
export async function enter(world: World, entry: Entry): Promise<Ack | undefined> {
  const placed = findElement(blocksAt(entry.origin), entry.element);
  const offered = await optionsFor(world, entry, placed);
  const value = enteredValue(placed, entry.entered, offered);
  if (placed.element.type !== "overflow") keep(world, entry.origin, { placed, value });
  if (!placed.dispatches) return undefined;
  return sendBlockAction(world, { ...entry, placed, value: { ...value } });
}

function keep(world: World, origin: Origin, entered: { placed: PlacedElement; value: StateValue }): void {
  const { blockId, actionId } = entered.placed;
  const before = stateAt(origin);
  enterAt(world, origin, { ...before, [blockId]: { ...before[blockId], [actionId]: entered.value } });
}

/** An external select offers what it loaded last; what is not among that is typed to load it. */
async function optionsFor(world: World, entry: Entry, placed: PlacedElement): Promise<SelectedOption[]> {
  const { type } = placed.element;
  if (type !== "external_select" && type !== "multi_external_select") return offeredOptions(placed);
  const loaded = loadedOptions(entry.origin, placed);
  const wanted = Array.isArray(entry.entered) ? entry.entered.map(String) : [String(entry.entered)];
  const missing = wanted.filter((key) => !loaded.some((option) => isNamed(option, key)));
  const found = [...loaded];
  for (const text of missing) found.push(...(await suggest(world, { ...entry, text })));
  return found;
}

export function loadedOptions(origin: Origin, { blockId, actionId }: PlacedElement): SelectedOption[] {
  return origin.kind === "view" ? (origin.view.suggestions[`${blockId}/${actionId}`] ?? []) : [];
}

function isNamed({ value, text }: SelectedOption, key: string): boolean {
  return value === key || text.text === key;
}
