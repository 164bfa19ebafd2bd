import { afterReturn, type Gate } from "../../../core/gate.ts";
import type { EngineCall } from "../../../core/ports/engine.ts";
import type { SwitchTime } from "./switch-time.ts";

/** Who may be there to let the copy through its gate. */
export interface GatekeeperOptions {
  readonly when: SwitchTime;
  /** Whether standard input is a terminal, with somebody in front of it. */
  readonly hasTerminal: boolean;
}

/** Holds the gate of one copy, and hears what people decide about it. */
export class Gatekeeper {
  readonly hasTerminal: boolean;
  /** Whether somebody is expected to say when to switch. */
  readonly isAttended: boolean;
  #gate: Gate;
  #asks = false;
  #isSwitching = false;
  #news = new AbortController();

  constructor({ when, hasTerminal }: GatekeeperOptions) {
    this.hasTerminal = hasTerminal;
    this.isAttended = hasTerminal || when.kind === "person";
    this.#gate = gateFor(when);
  }

  get gate(): Gate {
    return this.#gate;
  }

  /** Whether three switches in a row were taken back, so that only a person may go on. */
  get hasStopped(): boolean {
    return this.#gate.mode === "held" && this.#gate.tries > 0;
  }

  /** A signal: may come before the copy is at its gate. */
  signalled(): void {
    if (!this.#isSwitching) this.#letGo();
  }

  /** The key Enter: one that was pressed before anything was asked means nothing. */
  entered(): void {
    if (this.#asks) this.#letGo();
  }

  /** The time in which Enter is asked for. */
  async asking<T>(work: () => Promise<T>): Promise<T> {
    this.#asks = true;
    try {
      return await work();
    } finally {
      this.#asks = false;
    }
  }

  /** Waits between two looks; a decision, also one that came during the last look, ends it early. */
  async rest(ms: number, { clock, signal }: EngineCall): Promise<void> {
    const { signal: news } = this.#news;
    const wake = new AbortController();
    const stop = (): void => wake.abort();
    for (const source of [signal, news]) source.addEventListener("abort", stop, { once: true });
    try {
      if (!news.aborted) await clock.sleep(ms, wake.signal);
    } catch (error) {
      if (!wake.signal.aborted) throw error;
    } finally {
      for (const source of [signal, news]) source.removeEventListener("abort", stop);
    }
    signal.throwIfAborted();
    if (news.aborted) this.#news = new AbortController();
  }

  /** Whatever is said while a switch is under way is not about the next one. */
  async switching<T>(work: () => Promise<T>): Promise<T> {
    this.#isSwitching = true;
    try {
      return await work();
    } finally {
      this.#isSwitching = false;
    }
  }

  /** A switch was taken back: why, and when. */
  returned(reason: string, now: Date): void {
    this.#gate = afterReturn(this.#gate, reason, now);
  }

  #letGo(): void {
    const open = { mode: "automatic", state: "armed", switchAt: null, reason: null, retryAt: null } as const;
    this.#gate = { ...this.#gate, ...open };
    this.#news.abort();
  }
}

function gateFor(when: SwitchTime): Gate {
  const idle = { reason: null, tries: 0, retryAt: null, decidedBy: null };
  if (when.kind === "person") return { ...idle, mode: "held", state: "stopped", switchAt: null };
  if (when.kind === "at") return { ...idle, mode: "at", state: "armed", switchAt: when.at };
  return { ...idle, mode: "automatic", state: "armed", switchAt: null };
}
