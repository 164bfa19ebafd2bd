import type { EphemeralMessage, Message } from "../model.ts";
import type { World } from "../world.ts";
import type { Interaction } from "./interactions.ts";

/** The message an interaction's token reaches, by id or as `@original`. */
export function findAnswer(
  world: World,
  interaction: Interaction,
  key: string,
): Message | EphemeralMessage | undefined {
  const id = key === "@original" ? interaction.originalId : key;
  if (id === null || !interaction.messageIds.has(id)) return undefined;
  return world.messages.findAnywhere(id);
}
