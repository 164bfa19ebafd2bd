import { z } from "zod";
import { closeView } from "./interact/close-view.ts";
import { sendCommand } from "./interact/command.ts";
import { enter } from "./interact/enter.ts";
import { openHome } from "./interact/open-home.ts";
import type { Origin } from "./interact/origin.ts";
import { pressButton } from "./interact/press-button.ts";
import { submit } from "./interact/submit.ts";
import { suggest } from "./interact/suggest.ts";
import type { OpenView } from "./model.ts";
import { notify } from "./state/notify.ts";
import type { World } from "./world.ts";

const place = { channel: z.string().optional(), message: z.string().optional(), view: z.string().optional() };
const entered = z.union([z.string(), z.number(), z.array(z.string())]);

/**
 * What a remote page can do as a person. An element is named by `block_id/action_id`-free keys: action_id, block_id or
 * label. It stands in a `view` (id) or in a `message` (ts) of a `channel` (id).
 */
const action = z.discriminatedUnion("type", [
  z.object({ type: z.literal("command"), user: z.string(), channel: z.string(), text: z.string() }),
  z.object({
    type: z.literal("click"),
    user: z.string(),
    ...place,
    button: z.string(),
    confirm: z.boolean().optional(),
  }),
  z.object({ type: z.literal("choose"), user: z.string(), ...place, element: z.string(), value: entered }),
  z.object({ type: z.literal("type"), user: z.string(), ...place, element: z.string(), value: z.string() }),
  z.object({ type: z.literal("suggest"), user: z.string(), ...place, element: z.string(), text: z.string() }),
  z.object({ type: z.literal("submit"), user: z.string(), view: z.string() }),
  z.object({ type: z.literal("close"), user: z.string(), view: z.string() }),
  z.object({ type: z.literal("home"), user: z.string() }),
  z.object({
    type: z.literal("say"),
    user: z.string(),
    channel: z.string(),
    text: z.string(),
    thread: z.string().optional(),
  }),
]);

export type Action = z.input<typeof action>;

/** Does what a person did on a page; the result is JSON-serialisable. @throws Error when it is not possible */
export async function act(world: World, input: Action): Promise<unknown> {
  const done = action.parse(input);
  const userId = world.directory.findUser(done.user).id;
  switch (done.type) {
    case "command":
      return sendCommand(world, { userId, channelId: done.channel, text: done.text });
    case "click":
      return pressButton(world, {
        userId,
        origin: originOf(world, done),
        button: done.button,
        confirm: done.confirm,
      });
    case "choose":
    case "type":
      return enter(world, {
        userId,
        origin: originOf(world, done),
        element: done.element,
        entered: done.value,
      });
    case "suggest":
      return suggest(world, {
        userId,
        origin: originOf(world, done),
        element: done.element,
        text: done.text,
      });
    case "submit":
      return submit(world, viewOf(world, done.view, userId));
    case "close":
      return closeView(world, viewOf(world, done.view, userId));
    case "home":
      return openHome(world, userId);
    case "say":
      return say(world, { ...done, userId });
  }
}

function say(
  world: World,
  said: { userId: string; channel: string; text: string; thread?: string | undefined },
): { ts: string } {
  const channelId = world.directory.findChannel(said.channel).id;
  const content = { channelId, userId: said.userId, text: said.text, blocks: [], threadTs: said.thread };
  const message = world.messages.post(content);
  notify(world, message);
  return { ts: message.ts };
}

function originOf(
  world: World,
  place: {
    user: string;
    channel?: string | undefined;
    message?: string | undefined;
    view?: string | undefined;
  },
): Origin {
  const userId = world.directory.findUser(place.user).id;
  if (place.view !== undefined) return { kind: "view", view: viewOf(world, place.view, userId) };
  const channelId = world.directory.findChannel(place.channel ?? "").id;
  const ts = place.message ?? "";
  const seen = world.messages.findEphemeral(channelId, ts);
  const message = seen?.ephemeralFor === userId ? seen : world.messages.find(channelId, ts);
  if (!message) throw new Error(`no message ${ts} in ${channelId}`);
  return { kind: "message", message };
}

function viewOf(world: World, viewId: string, userId: string): OpenView {
  const view = world.views.find(viewId);
  if (view?.userId !== userId) throw new Error(`${userId} has no open view ${viewId}`);
  return view;
}
