import { z } from "zod";
import { autocomplete } from "./interact/autocomplete.ts";
import { chooseInMessage } from "./interact/choose-in-message.ts";
import { closeModal, enterInModal } from "./interact/enter-in-modal.ts";
import { pressButton } from "./interact/press-button.ts";
import { say } from "./interact/say.ts";
import { sendCommand } from "./interact/send-command.ts";
import { submitModal } from "./interact/submit-modal.ts";
import type { EphemeralMessage, Message, OpenModal } from "./model.ts";
import type { World } from "./world.ts";

const inChannel = { user: z.string(), channel: z.string() };
const onMessage = { ...inChannel, message: z.string() };
const inModal = { user: z.string(), modal: z.string() };
const optionValue = z.union([z.string(), z.number(), z.boolean()]);

/**
 * What a remote page can do as a person. `channel` is the id of a channel or thread, `user` an id or name; components
 * are named by custom_id or by what is written on or beside them.
 */
const action = z.discriminatedUnion("type", [
  /** As typed (`/db migrate addon:orders`), or with the options a slash picker gathered by name. */
  z.object({
    type: z.literal("command"),
    ...inChannel,
    text: z.string(),
    options: z.record(z.string(), optionValue).optional(),
  }),
  /** Answers the choices for `option`, the one being typed. */
  z.object({
    type: z.literal("autocomplete"),
    ...inChannel,
    text: z.string(),
    option: z.string(),
    options: z.record(z.string(), optionValue).optional(),
  }),
  z.object({ type: z.literal("press"), ...onMessage, button: z.string() }),
  /** In a select of a message. */
  z.object({
    type: z.literal("choose"),
    ...onMessage,
    select: z.string(),
    values: z.union([z.string(), z.array(z.string())]),
  }),
  /** In a field of an open modal. */
  z.object({
    type: z.literal("fill"),
    ...inModal,
    field: z.string(),
    value: z.union([z.string(), z.boolean(), z.null(), z.array(z.string())]),
  }),
  z.object({ type: z.literal("submit"), ...inModal }),
  z.object({ type: z.literal("close"), ...inModal }),
  z.object({ type: z.literal("say"), ...inChannel, text: z.string() }),
]);

export type Action = z.input<typeof action>;

/** Does what a person did on a page; the result is JSON-serialisable. @throws Error when it is not possible */
export async function act(world: World, input: Action): Promise<unknown> {
  const done = action.parse(input);
  const userId = world.directory.findUser(done.user).id;
  switch (done.type) {
    case "command":
      return sendCommand(world, { ...typed(done), userId });
    case "autocomplete":
      return autocomplete(world, { ...typed(done), userId, option: done.option });
    case "press":
      return pressButton(world, { userId, message: messageOf(world, done), button: done.button });
    case "choose": {
      const message = messageOf(world, done);
      return chooseInMessage(world, { userId, message, select: done.select, values: done.values });
    }
    case "fill":
      return enterInModal(world, modalOf(world, done.modal, userId), {
        field: done.field,
        value: done.value,
      });
    case "submit":
      return submitModal(world, modalOf(world, done.modal, userId));
    case "close":
      return closeModal(world, modalOf(world, done.modal, userId));
    case "say":
      return { message: say(world, { userId, channelId: done.channel, text: done.text }).id };
  }
}

function typed(done: {
  channel: string;
  text: string;
  options?: Record<string, string | number | boolean> | undefined;
}) {
  return { channelId: done.channel, text: done.text, options: done.options };
}

function messageOf(
  world: World,
  place: { user: string; channel: string; message: string },
): Message | EphemeralMessage {
  const message = world.messages.findAnywhere(place.message);
  if (message?.channelId === world.directory.findChannel(place.channel).id) return message;
  throw new Error(`no message ${place.message} in ${place.channel}`);
}

function modalOf(world: World, id: string, userId: string): OpenModal {
  const modal = world.modals.find(id);
  if (modal?.userId !== userId) throw new Error(`${userId} has no open modal ${id}`);
  return modal;
}
