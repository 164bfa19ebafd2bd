import type { OutboxStore } from "../../src/chat/outbox/sender.ts";
import type { Notification } from "../../src/core/notification.ts";
import type { ClaimedMessage } from "../../src/core/outbox.ts";
import type { ChatPort, DeliveryProblem, EditedMessage } from "../../src/core/ports/chat.ts";
import { DeliveryError } from "../../src/core/ports/chat.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import { aMigration } from "./makers.ts";

/** Time that a test moves on: every sleeper whose time has come wakes up. */
export class TestClock implements Clock {
  #now = 1_800_000_000_000;
  readonly #sleepers = new Set<{ at: number; resolve: () => void }>();

  now(): Date {
    return new Date(this.#now);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, resolve };
      this.#sleepers.add(sleeper);
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Moves on in steps of 100 ms, letting everything settle in between. */
  async advance(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      this.#now += 100;
      const due = [...this.#sleepers].filter(({ at }) => at <= this.#now);
      for (const sleeper of due) this.#wake(sleeper);
      await settled();
    }
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  #wake(sleeper: { at: number; resolve: () => void }): void {
    this.#sleepers.delete(sleeper);
    sleeper.resolve();
  }
}

/** Lets every promise that can go on go on. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface Row {
  readonly message: ClaimedMessage;
  status: "pending" | "sending" | "sent" | "dead";
  attempts: number;
  doubtful: boolean;
  nextAt: number;
  error: string | null;
  remoteId: string | null;
}

/** As the store claims: the head of each thread, never a later message. */
export class MemoryOutbox implements OutboxStore {
  readonly rows: Row[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Writes a message; edits change what was posted under the same key. */
  write(thread: string, kind: "post" | "edit", messageKey: string): Row {
    const notification: Notification = { kind: "retired", migration: aMigration({ id: messageKey }) };
    const ref = {
      key: thread,
      platform: "slack",
      workspace: "T1",
      channel: `C-${thread}`,
      rootId: null,
    } as const;
    const id = String(this.rows.length + 1);
    const rest = { attempts: 0, doubtful: false, remoteId: null };
    const message = {
      id,
      threadKey: thread,
      kind,
      messageKey,
      notification,
      nonce: `n${id}`,
      thread: ref,
      ...rest,
    };
    const row: Row = { message, status: "pending", nextAt: 0, error: null, ...rest };
    this.rows.push(row);
    return row;
  }

  async claimMessage(): Promise<ClaimedMessage | undefined> {
    const unsent = this.rows.filter(({ status }) => status === "pending" || status === "sending");
    const heads = unsent.filter(
      (row) => unsent.find(({ message }) => message.threadKey === row.message.threadKey) === row,
    );
    const row = heads.find(
      ({ status, nextAt }) => status === "pending" && nextAt <= this.#clock.now().getTime(),
    );
    if (row === undefined) return undefined;
    row.status = "sending";
    row.attempts += 1;
    return {
      ...row.message,
      attempts: row.attempts,
      doubtful: row.doubtful,
      remoteId: this.#postedAs(row.message),
    };
  }

  async markSent(message: ClaimedMessage, remoteId: string): Promise<void> {
    Object.assign(this.#row(message), { status: "sent", remoteId });
  }

  async markRetry(
    message: ClaimedMessage,
    retry: { delayMs: number; doubtful: boolean; error: string },
  ): Promise<void> {
    const { delayMs, doubtful, error } = retry;
    Object.assign(this.#row(message), {
      status: "pending",
      nextAt: this.#clock.now().getTime() + delayMs,
      doubtful,
      error,
    });
  }

  async markDead(message: ClaimedMessage, error: string): Promise<void> {
    Object.assign(this.#row(message), { status: "dead", error });
  }

  #row({ id }: ClaimedMessage): Row {
    const row = this.rows.find(({ message }) => message.id === id);
    if (row === undefined) throw new Error(`there is no message ${id}`);
    return row;
  }

  #postedAs({ kind, threadKey, messageKey }: ClaimedMessage): string | null {
    if (kind === "post") return null;
    const same = ({ message }: Row) => message.threadKey === threadKey && message.messageKey === messageKey;
    return this.rows.findLast((row) => row.remoteId !== null && same(row))?.remoteId ?? null;
  }
}

interface Sent {
  readonly at: number;
  readonly what: string;
}

/** A platform whose answers a test writes. */
export class ScriptedPort implements ChatPort {
  readonly platform = "slack";
  readonly capabilities = { editIntervalMs: 2_000 };
  readonly sent: Sent[] = [];
  readonly problems: (DeliveryProblem | "surprise")[] = [];
  found: Awaited<ReturnType<ChatPort["find"]>> = "unknown";
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async post(_: unknown, { migration }: Notification, nonce: string): Promise<string> {
    this.#deliver(`post ${migration.id}`);
    return `ts-${nonce}`;
  }

  /** Where set, edits are shown by a message of this ID from then on. */
  movesTo: string | null = null;

  async update(_: unknown, { id }: EditedMessage): Promise<string> {
    this.#deliver(`edit ${id}`);
    return this.movesTo ?? id;
  }

  async find(): ReturnType<ChatPort["find"]> {
    return this.found;
  }

  start = async (): Promise<void> => undefined;
  stop = async (): Promise<void> => undefined;
  link = async (): Promise<null> => null;
  diagnose = async (): Promise<[]> => [];
  deployCommands = async (): Promise<{ kind: "elsewhere"; detail: string }> => ({
    kind: "elsewhere",
    detail: "none",
  });
  isConnected = (): boolean => true;

  #deliver(what: string): void {
    const problem = this.problems.shift();
    if (problem === "surprise") throw new Error("rendering: a defect");
    if (problem !== undefined) throw new DeliveryError(problem);
    this.sent.push({ at: this.#clock.now().getTime(), what });
  }
}
