import { crashPoint } from "../../core/crash-point.ts";
import type { PlatformId } from "../../core/member.ts";
import type { ClaimedMessage } from "../../core/outbox.ts";
import { type ChatPort, DeliveryError } from "../../core/ports/chat.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import type { Store } from "../../core/ports/store.ts";
import { afterProblem, afterSurprise } from "./after-problem.ts";
import { Pacing } from "./pacing.ts";
import { Wakeup } from "./wakeup.ts";

/** How the sender takes its time. */
export interface OutboxTimes {
  /** Longer than pacing and one call of a platform together, so that a claim never runs out under a living sender. */
  readonly claimMs: number;
  /** No call of a platform lasts longer: a message is sent only while its claim lasts longer than this. */
  readonly callMs: number;
  /** Part of the platforms' intervals that is kept between messages: 1, or less against one that limits nothing. */
  readonly paceShare: number;
}

const TIMES: OutboxTimes = { claimMs: 30_000, callMs: 12_000, paceShare: 1 };
const POLL_MS = 500;
const AFTER_STORE_ERROR_MS = 2_000;
/** Messages under way at once: so many threads can be slow without holding up the others. */
const LANES = 8;
/** A message that must wait longer goes back to the store, where a newer edit can take its place. */
const LONGEST_HOLD_MS = 3_000;

export type OutboxStore = Pick<Store, "claimMessage" | "markSent" | "markRetry" | "markDead">;

export interface SenderDependencies {
  readonly store: OutboxStore;
  readonly ports: readonly ChatPort[];
  readonly clock: Clock;
  readonly log: Log;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Names this process in claims. */
  readonly owner: string;
  readonly times?: Partial<OutboxTimes>;
}

/**
 * Carries the outbox to the chat platforms, in order within each thread. Delays, outages and restarts
 * postpone a message; nothing loses it, and a doubtful one is looked up before it is sent again.
 */
export class OutboxSender {
  readonly #deps: SenderDependencies;
  readonly #ports: ReadonlyMap<PlatformId, ChatPort>;
  readonly #times: OutboxTimes;
  readonly #pacing: Pacing;
  readonly #wakeup: Wakeup;
  readonly #sending = new Set<Promise<void>>();
  #stopping = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(deps: SenderDependencies) {
    this.#deps = deps;
    this.#times = { ...TIMES, ...deps.times };
    this.#pacing = new Pacing(this.#times.paceShare);
    this.#ports = new Map(deps.ports.map((port) => [port.platform, port]));
    this.#wakeup = new Wakeup(deps.clock);
  }

  start(): void {
    if (this.#loop !== null) return;
    this.#stopping = new AbortController();
    this.#loop = this.#run(this.#stopping.signal);
  }

  /** Looks for messages at once: called after a transaction that wrote some. */
  wake(): void {
    this.#wakeup.wake();
  }

  /** Finishes what is being sent, puts back what still waits, and leaves nothing open. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wakeup.wake();
    await this.#loop;
    await Promise.all(this.#sending);
    this.#loop = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.#claimNext(signal);
      if (pauseMs > 0 && !signal.aborted) await this.#wakeup.wait(pauseMs);
    }
  }

  /** Claims one message and sends it aside; tells how long to wait before the next claim. */
  async #claimNext(signal: AbortSignal): Promise<number> {
    if (this.#sending.size >= LANES) return POLL_MS;
    const { store, owner, log } = this.#deps;
    const askedAt = performance.now();
    try {
      const message = await store.claimMessage(owner, this.#times.claimMs, [...this.#ports.keys()]);
      if (message === undefined) return POLL_MS;
      this.#sendAside({ ...message, askedAt }, signal);
      return 0;
    } catch (error) {
      log.warn({ error }, "outbox not read");
      return AFTER_STORE_ERROR_MS;
    }
  }

  #sendAside(message: Held, signal: AbortSignal): void {
    const sending = this.#handle(message, signal)
      .catch((error: unknown) => this.#deps.log.warn({ id: message.id, error }, "outbox not written"))
      .finally(() => {
        this.#sending.delete(sending);
        this.wake();
      });
    this.#sending.add(sending);
  }

  async #handle(message: Held, signal: AbortSignal): Promise<void> {
    const port = this.#ports.get(message.thread.platform);
    if (port === undefined) return this.#deps.store.markDead(message, "no-platform");
    if (message.kind === "edit" && message.remoteId === null)
      return this.#deps.store.markDead(message, "no-message");
    crashPoint("outbox: claimed");
    if (!(await this.#waitForTurn(message, port, signal))) return;
    const delivery = await deliver(port, message, () => this.#assertHeld(message)).then(
      (remoteId) => ({ remoteId }),
      (error: unknown) => ({ error }),
    );
    if ("error" in delivery) return this.#settle(message, delivery.error);
    crashPoint("outbox: delivered");
    await this.#markSent(message, delivery.remoteId);
    crashPoint("outbox: marked");
  }

  /** That the store cannot be written says nothing of the message: it is looked up again, and never given up for it. */
  async #markSent(message: ClaimedMessage, remoteId: string): Promise<void> {
    const { store } = this.#deps;
    const again = { delayMs: 0, doubtful: true, error: "unmarked" };
    await store.markSent(message, remoteId).catch(() => store.markRetry(message, again));
  }

  /**
   * Whoever was stopped for so long that the claim may have run out must not send: another process may have looked the
   * message up by now, not found it, and sent it.
   */
  #assertHeld({ askedAt }: Held): void {
    const { claimMs, callMs } = this.#times;
    if (performance.now() - askedAt > claimMs - callMs) throw new DeliveryError({ kind: "unreachable" });
  }

  /** False when the message went back to the store: its turn is far away, or the sender stops. */
  async #waitForTurn(message: ClaimedMessage, port: ChatPort, signal: AbortSignal): Promise<boolean> {
    const { store, clock } = this.#deps;
    const { doubtful } = message;
    const delayMs = this.#pacing.delayOf(message, clock.now().getTime());
    if (signal.aborted || delayMs > LONGEST_HOLD_MS) {
      await store.markRetry(message, { delayMs: signal.aborted ? 0 : delayMs, doubtful, error: "paced" });
      return false;
    }
    const { editIntervalMs } = port.capabilities;
    const waitMs = this.#pacing.reserve(message, { now: clock.now().getTime(), editIntervalMs });
    if (waitMs === 0) return true;
    const isAborted = await clock.sleep(waitMs, signal).then(
      () => false,
      () => true,
    );
    if (isAborted) await store.markRetry(message, { delayMs: 0, doubtful, error: "paced" });
    return !isAborted;
  }

  async #settle(message: ClaimedMessage, error: unknown): Promise<void> {
    const { store, log, random, clock } = this.#deps;
    const next =
      error instanceof DeliveryError
        ? afterProblem(message, error.problem, random)
        : afterSurprise(message, random);
    const facts = {
      id: message.id,
      thread: message.threadKey,
      notification: message.notification.kind,
      attempts: message.attempts,
    };
    if (next.kind === "dead") {
      log.error({ ...facts, code: next.error, error }, "message given up");
      return store.markDead(message, next.error);
    }
    if (next.error === "rate-limited") this.#pacing.pause(message, clock.now().getTime() + next.delayMs);
    log.warn({ ...facts, delayMs: next.delayMs, problem: next.error, error }, "message delayed");
    await store.markRetry(message, next);
    crashPoint("outbox: put back");
  }
}

/** A claimed message, and when it was asked for by this process's own clock. */
type Held = ClaimedMessage & { readonly askedAt: number };

/** Sends one message; the platform's ID of it. A doubtful post is looked up first. */
async function deliver(port: ChatPort, message: ClaimedMessage, assertHeld: () => void): Promise<string> {
  const { thread, notification, nonce, remoteId } = message;
  assertHeld();
  if (message.kind === "edit" && remoteId !== null)
    return port.update(thread, { id: remoteId, nonce }, notification);
  const found = message.doubtful ? await port.find(thread, nonce) : "absent";
  if (typeof found === "object") return found.id;
  assertHeld();
  return port.post(thread, notification, nonce);
}
