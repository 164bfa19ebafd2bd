import type { PlacedElement } from "../blocks/find-elements.ts";
import type { Json } from "../model.ts";
import { type Ack, deliver } from "../transport/deliver.ts";
import type { World } from "../world.ts";
import { type Origin, originPayload } from "./origin.ts";
import { basePayload } from "./payload.ts";

/** Tells the app that an element was used; `value` is the part of the action that depends on the element. */
export function sendBlockAction(
  world: World,
  action: { userId: string; origin: Origin; placed: PlacedElement; value: Json },
): Promise<Ack> {
  const { placed, origin, userId } = action;
  const payload = {
    type: "block_actions",
    ...basePayload(world, userId),
    ...originPayload(world, origin, userId),
    actions: [
      {
        type: placed.element.type,
        action_id: placed.actionId,
        block_id: placed.blockId,
        ...action.value,
        action_ts: world.ids.timestamp(),
      },
    ],
  };
  return deliver(world, { kind: "block_actions", envelope: "interactive", payload }, userId);
}
