import type { Message } from "../model.ts";
import { dispatchMessage } from "../state/dispatch-message.ts";
import { notify } from "../state/notify.ts";
import { addToThread, countInThread } from "../state/threads.ts";
import type { World } from "../world.ts";
import { requireSight } from "./check-use.ts";

/** Writes a message as a person. @throws Error when the channel takes none from them */
export function say(world: World, said: { userId: string; channelId: string; text: string }): Message {
  const channel = requireSight(world, said.userId, said.channelId);
  if (channel.thread?.isLocked) throw new Error(`the thread "${channel.name}" is locked`);
  const message = world.messages.post({ channelId: channel.id, authorId: said.userId, content: said.text });
  countInThread(world, channel);
  addToThread(world, channel, said.userId);
  notify(world, message);
  dispatchMessage(world, message, "CREATE");
  return message;
}
