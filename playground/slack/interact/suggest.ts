import type { PlacedElement } from "../blocks/find-elements.ts";
import { flattenOptions, suggestedOptions } from "../blocks/options.ts";
import { countCharacters } from "../blocks/text.ts";
import { faultsOf } from "../blocks/violation-message.ts";
import type { SelectedOption } from "../model.ts";
import { recordViolation } from "../report-violation.ts";
import { deliver } from "../transport/deliver.ts";
import type { World } from "../world.ts";
import { findElement } from "./find-element.ts";
import { blocksAt, type Origin, originPayload } from "./origin.ts";
import { basePayload } from "./payload.ts";

/** Slack asks the app after this many characters (Slack: external select, `min_query_length`). */
const defaultQueryLength = 3;

/** Types into an external select; resolves to the options the app offers, none when it fails or the text is too short. */
export async function suggest(
  world: World,
  query: { userId: string; origin: Origin; element: string; text: string },
): Promise<SelectedOption[]> {
  const placed = findElement(blocksAt(query.origin), query.element);
  const { element, actionId, blockId } = placed;
  if (element.type !== "external_select" && element.type !== "multi_external_select") {
    throw new Error(`"${query.element}" is a ${element.type}: only external selects load options`);
  }
  if (countCharacters(query.text) < (element.min_query_length ?? defaultQueryLength)) return [];
  const {
    trigger_id: _none,
    response_url: _neither,
    ...origin
  } = originPayload(world, query.origin, query.userId);
  const payload = {
    type: "block_suggestion",
    ...basePayload(world, query.userId),
    ...origin,
    action_id: actionId,
    block_id: blockId,
    value: query.text,
  };
  const ack = await deliver(
    world,
    { kind: "block_suggestion", envelope: "interactive", payload },
    query.userId,
  );
  const options = ack.acked ? readOptions(world, query.userId, ack.body) : [];
  remember(query.origin, placed, options);
  return options;
}

function readOptions(world: World, userId: string, body: unknown): SelectedOption[] {
  const parsed = suggestedOptions.safeParse(body);
  if (parsed.success) return flattenOptions(parsed.data);
  const faults = faultsOf(parsed.error, "");
  recordViolation(world, { where: "block_suggestion", error: "invalid_options", faults });
  const error = {
    userId,
    error: "invalid_response",
    kind: "block_suggestion",
    detail: "options refused",
  } as const;
  world.errors.push(error);
  world.feed.emit({ kind: "error", error });
  return [];
}

function remember(origin: Origin, { blockId, actionId }: PlacedElement, options: SelectedOption[]): void {
  if (origin.kind === "view") origin.view.suggestions[`${blockId}/${actionId}`] = options;
}
