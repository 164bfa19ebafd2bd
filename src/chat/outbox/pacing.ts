import type { ClaimedMessage } from "../../core/outbox.ts";
import { BoundedMap } from "../bounded-map.ts";

/** One post a second in a channel (Slack, "Rate limits", chat.postMessage; Discord's per-channel bucket is wider). */
const POST_INTERVAL_MS = 1_000;
const FORGOTTEN_AFTER = 1_000;

/** Spaces messages out, so that a platform seldom has to ask for it. Times are milliseconds since 1970. */
export class Pacing {
  /** When the next message of a kind may go. */
  readonly #free = new BoundedMap<string, number>(FORGOTTEN_AFTER);
  readonly #share: number;

  /** @param share part of the platforms' intervals that is kept, from 0 to 1 */
  constructor(share = 1) {
    this.#share = share;
  }

  /** Takes the next free moment for a message; the caller waits the returned milliseconds, then sends. */
  reserve(
    message: ClaimedMessage,
    options: { readonly now: number; readonly editIntervalMs: number },
  ): number {
    const key = keyOf(message);
    const at = Math.max(options.now, this.#free.get(key) ?? 0);
    const interval = message.kind === "post" ? POST_INTERVAL_MS : options.editIntervalMs;
    this.#free.set(key, at + interval * this.#share);
    return at - options.now;
  }

  /** How long a message would have to wait, without taking its turn. */
  delayOf(message: ClaimedMessage, now: number): number {
    return Math.max(0, (this.#free.get(keyOf(message)) ?? 0) - now);
  }

  /** The platform asked for a pause: messages of this kind wait until then. */
  pause(message: ClaimedMessage, until: number): void {
    const key = keyOf(message);
    this.#free.set(key, Math.max(until, this.#free.get(key) ?? 0));
  }
}

/** Posts are limited per channel, edits per message. */
function keyOf({ kind, thread, remoteId }: ClaimedMessage): string {
  const channel = `${thread.platform} ${thread.workspace} ${thread.channel}`;
  return kind === "post" ? `post ${channel}` : `edit ${channel} ${remoteId}`;
}
