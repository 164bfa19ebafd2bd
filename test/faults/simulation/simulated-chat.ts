import type { Notification } from "../../../src/core/notification.ts";
import type { ThreadRef } from "../../../src/core/outbox.ts";
import { type ChatPort, DeliveryError } from "../../../src/core/ports/chat.ts";

/** A message as it stands on the platform. */
export interface ShownMessage {
  readonly id: string;
  readonly threadKey: string;
  readonly nonce: string;
  readonly tells: Notification["kind"];
}

/** A chat platform that turns messages away, loses answers, and keeps what it took. */
export class SimulatedChat {
  readonly messages: ShownMessage[] = [];
  readonly #random: () => number;
  readonly #trouble: () => number;
  readonly #isDown: () => boolean;

  /** @param trouble part of the calls that go wrong, from 0 to 1; @param isDown whether nothing gets through at all */
  constructor(random: () => number, trouble: () => number, isDown: () => boolean = () => false) {
    this.#random = random;
    this.#trouble = trouble;
    this.#isDown = isDown;
  }

  port(): ChatPort {
    return {
      platform: "slack",
      capabilities: { editIntervalMs: 200 },
      post: async (thread, notification, nonce) => this.#post(thread, notification, nonce),
      update: async (_, { id }) => {
        this.#mayFail(() => undefined, "unreachable");
        return id;
      },
      find: async (_, nonce) => {
        this.#assertUp();
        return this.messages.find((message) => message.nonce === nonce) ?? "absent";
      },
      start: async () => undefined,
      stop: async () => undefined,
      link: async () => null,
      diagnose: async () => [],
      deployCommands: async () => ({ kind: "elsewhere", detail: "none" }),
      isConnected: () => true,
    };
  }

  #post(thread: ThreadRef, { kind }: Notification, nonce: string): string {
    const id = `m${this.messages.length + 1}`;
    const take = () => this.messages.push({ id, threadKey: thread.key, nonce, tells: kind });
    this.#mayFail(take, "doubtful");
    take();
    return id;
  }

  #assertUp(): void {
    if (this.#isDown()) throw new DeliveryError({ kind: "unreachable" });
  }

  /** Fails in one of the ways of a platform; in one of them what was asked for happens all the same. */
  #mayFail(happen: () => void, unclear: "doubtful" | "unreachable"): void {
    this.#assertUp();
    if (this.#random() >= this.#trouble()) return;
    const dice = this.#random();
    if (dice < 0.3)
      throw new DeliveryError({ kind: "rate-limited", retryAfterMs: 200 + this.#random() * 2_000 });
    if (dice < 0.5) throw new DeliveryError({ kind: "unreachable" });
    if (dice < 0.8) happen();
    throw new DeliveryError({ kind: unclear });
  }
}
