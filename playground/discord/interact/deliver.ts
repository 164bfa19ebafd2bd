import type { Json, Message, OpenModal, PersonError } from "../model.ts";
import type { FirstResponse, Interaction, NewInteraction, ResponseKind } from "../state/interactions.ts";
import type { World } from "../world.ts";
import { interactionPayload } from "./payload.ts";

export type Ack =
  | {
      readonly acked: true;
      readonly ms: number;
      readonly response: ResponseKind;
      /** Of a message, when the response was one. */
      readonly text?: string;
    }
  | { readonly acked: false; readonly ms: number; readonly error: PersonError["error"] };

export interface Delivery extends Omit<NewInteraction, "messageId" | "modal"> {
  /** The part that is its own for each kind of interaction. */
  readonly data: Json;
  readonly message?: Message | undefined;
  readonly modal?: OpenModal;
}

export interface Delivered {
  readonly ack: Ack;
  readonly response: FirstResponse | null;
}

/** What the client writes when the app does not answer in time. */
const words: Record<PersonError["kind"], string> = {
  command: "The application did not respond",
  component: "This interaction failed",
  modal: "Something went wrong. Try again.",
  autocomplete: "Loading options failed",
};

/**
 * Hands an interaction to the app and waits for its first response. In vain, the person sees an error, and responses
 * that come later are refused.
 */
export async function deliver(world: World, delivery: Delivery): Promise<Delivered> {
  const { kind, userId } = delivery;
  const interaction = world.interactions.create({
    ...delivery,
    messageId: delivery.message?.id ?? null,
    modal: delivery.modal ?? null,
  });
  const isHeard = world.gateway.sessions.length > 0;
  const startedMs = performance.now();
  const answered = answerInTime(world, interaction);
  if (isHeard) world.gateway.dispatch("INTERACTION_CREATE", interactionPayload(world, interaction, delivery));
  const response = isHeard ? await answered.promise : answered.giveUp();
  const ms = performance.now() - startedMs;
  world.ackLatencies.push({ kind, ms, acked: response !== null });
  if (response) return { ack: acknowledged(response, ms), response };
  const error = isHeard ? "did_not_respond" : "not_connected";
  world.interactions.mark(interaction, "failed");
  showError(world, { userId, kind, error, detail: words[kind] });
  return { ack: { acked: false, ms, error }, response: null };
}

function acknowledged({ kind, text }: FirstResponse, ms: number): Ack {
  return { acked: true, ms, response: kind, ...(text === undefined ? {} : { text }) };
}

function answerInTime(
  world: World,
  interaction: Interaction,
): { promise: Promise<FirstResponse | null>; giveUp: () => null } {
  let giveUp = (): null => null;
  const { signal } = world.closing;
  const promise = new Promise<FirstResponse | null>((resolve) => {
    const settle = (response: FirstResponse | null): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      interaction.onResponse = () => {};
      resolve(response);
    };
    const stop = (): void => settle(null);
    const timer = setTimeout(stop, world.settings.interactionTimeoutMs);
    signal.addEventListener("abort", stop);
    interaction.onResponse = settle;
    giveUp = () => {
      settle(null);
      return null;
    };
  });
  return { promise, giveUp };
}

function showError(world: World, error: PersonError): void {
  world.errors.push(error);
  world.feed.emit({ kind: "error", error });
}
