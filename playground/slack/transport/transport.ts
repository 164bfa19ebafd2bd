import type { InteractionKind, Json } from "../model.ts";

/** One payload on its way to the app. */
export interface Delivery {
  readonly kind: InteractionKind;
  readonly envelope: "slash_commands" | "interactive" | "events_api";
  readonly payload: Json;
}

export type Answer =
  /** The app acknowledged; `body` is what it sent along, a string only over HTTP. */
  | { readonly kind: "acked"; readonly body: unknown }
  /** The payload could not be handed over, or was turned down. */
  | { readonly kind: "refused"; readonly detail: string };

export interface Transport {
  /** Resolves when the app answers; may stay open, the caller limits the time by `signal`. */
  send(delivery: Delivery, signal: AbortSignal): Promise<Answer>;
}
