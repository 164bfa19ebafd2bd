import type { EphemeralMessage, Message } from "../model.ts";
import type { World } from "../world.ts";
import { requireSight } from "./check-use.ts";

/** @throws Error when the person cannot use the message: deleted, another's, or in a thread that is locked */
export function requireMessage(world: World, message: Message | EphemeralMessage, userId: string): void {
  if (message.isDeleted) throw new Error("the message was deleted");
  const channel = requireSight(world, userId, message.channelId);
  const owner = "ephemeralFor" in message ? message.ephemeralFor : userId;
  if (owner !== userId) throw new Error(`${world.directory.findUser(userId).name} does not see this message`);
  if (channel.thread?.isArchived && channel.thread.isLocked) {
    throw new Error(`the thread "${channel.name}" is archived and locked`);
  }
}
