import type { Connection } from "./connection.ts";

/** A gateway frame to the app. */
export interface Frame {
  readonly op: number;
  readonly d: unknown;
  readonly s: number | null;
  readonly t: string | null;
}

/** How long a session without a socket can be resumed. Discord does not say; some minutes are seen. */
const resumableMs = 5 * 60_000;

/** What a session asked for with IDENTIFY. */
export interface SessionTerms {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
}

/** One IDENTIFYed session: it outlives its socket, and keeps what it dispatched so that RESUME can replay it. */
export class Session {
  readonly terms: SessionTerms;
  connection: Connection | undefined;
  lostAtMs: number | undefined;
  readonly #history: Frame[] = [];

  constructor(terms: SessionTerms, connection: Connection) {
    this.terms = terms;
    this.connection = connection;
  }

  /** Number of the last dispatched event. */
  get sequence(): number {
    return this.#history.length;
  }

  dispatch(event: string, data: unknown): void {
    const frame: Frame = { op: 0, t: event, s: this.sequence + 1, d: structuredClone(data) };
    this.#history.push(frame);
    this.connection?.send(frame);
  }

  /** Sends everything after `sequence` once more, then RESUMED. */
  resume(connection: Connection, sequence: number): void {
    this.connection = connection;
    this.lostAtMs = undefined;
    for (const frame of this.#history.slice(sequence)) connection.send(frame);
    this.dispatch("RESUMED", { _trace: ["local"] });
  }

  isResumable(nowMs: number): boolean {
    return this.lostAtMs === undefined || nowMs - this.lostAtMs < resumableMs;
  }

  hears(intent: number, guildId: string): boolean {
    const [id, count] = this.terms.shard;
    const shard = Number((BigInt(guildId) >> 22n) % BigInt(count));
    return shard === id && (intent === 0 || (this.terms.intents & intent) !== 0);
  }
}
