import { messageWire } from "../api/message-wire.ts";
import type { Block } from "../blocks/block.ts";
import type { Json, Message, OpenView, StateValues } from "../model.ts";
import type { World } from "../world.ts";
import { channelLabel } from "./payload.ts";

/** Where an interactive element stands: in a message or in a view. */
export type Origin =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "view"; readonly view: OpenView };

export function blocksAt(origin: Origin): readonly Block[] {
  return origin.kind === "message" ? origin.message.blocks : origin.view.wire.blocks;
}

export function stateAt(origin: Origin): StateValues {
  return origin.kind === "message" ? origin.message.state : origin.view.wire.state.values;
}

/** Stores what a person entered. */
export function enterAt(world: World, origin: Origin, values: StateValues): void {
  if (origin.kind === "view") {
    world.views.enter(origin.view, values);
    return;
  }
  origin.message.state = values;
  world.messages.touch(origin.message);
}

/** The part of a payload that tells where the element stands; views have no response_url. */
export function originPayload(world: World, origin: Origin, userId: string): Json {
  return origin.kind === "view"
    ? viewPayload(world, origin.view)
    : messagePayload(world, origin.message, userId);
}

function viewPayload(world: World, view: OpenView): Json {
  const trigger = view.wire.type === "modal" ? view.wire.id : undefined;
  return {
    container: { type: "view", view_id: view.wire.id },
    view: view.wire,
    trigger_id: world.triggers.issue(view.userId, trigger),
  };
}

function messagePayload(world: World, message: Message, userId: string): Json {
  const channel = world.directory.findChannel(message.channelId);
  const isEphemeral = "ephemeralFor" in message;
  const thread = message.threadTs === undefined ? {} : { thread_ts: message.threadTs };
  return {
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...thread,
    },
    channel: { id: channel.id, name: channelLabel(channel) },
    ...(isEphemeral ? {} : { message: messageWire(world, message) }),
    state: { values: message.state },
    response_url: world.responseUrls.issue({
      userId,
      channelId: channel.id,
      threadTs: message.threadTs,
      originalTs: message.ts,
    }),
    trigger_id: world.triggers.issue(userId),
  };
}
