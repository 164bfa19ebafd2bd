import type { Socket } from "node:net";
import type pg from "pg";

/** An error that the server sent in the middle of a COPY. */
export class WireError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "WireError";
    this.code = code;
  }
}

/** Frames of data on their way; returns false when the receiver is full, then calls `resume` later. */
export type Sink = (chunk: Buffer) => boolean;

interface Waiter {
  readonly done: () => void;
  readonly fail: (error: Error) => void;
}

const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const HEADER_BYTES = 5;

function field(body: Buffer, tag: string): string {
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    if (body[at] === tag.charCodeAt(0)) return body.toString("utf8", at + 1, end);
    at = end + 1;
  }
  return "";
}

/**
 * The simple query protocol on the socket of a session that pg has opened, for COPY alone: data frames
 * are handed on as they come, untouched, and only their headers are looked at. Several COPYs in one
 * statement are one round trip: the receiver reads each one's data, sent ahead, when its turn comes.
 * Source: PostgreSQL documentation, "Message Formats".
 */
export class Wire {
  /** Payload bytes that came in since the last statement was sent. */
  bytes = 0;
  /** Rows that each finished COPY of the last statement says it moved. */
  rows: number[] = [];
  #frames = 0;
  readonly #socket: Socket;
  #sink: Sink | null = null;
  #ready: (() => void) | null = null;
  #carry: Buffer | null = null;
  #skip = 0;
  #waiter: Waiter | null = null;
  #failure: Error | null = null;

  /** The session must be idle; afterwards only the wire may use it. */
  constructor(session: pg.Client) {
    this.#socket = session.connection.stream as Socket;
    this.#socket.removeAllListeners("data");
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#socket.on("error", (error) => this.#close(error));
    this.#socket.on("close", () => this.#close(new Error("connection terminated")));
  }

  /** Rows that came in since the last statement was sent, those of an unfinished COPY included. */
  get rowsSoFar(): number {
    return this.rows.reduce((sum, rows) => sum + rows, this.#frames);
  }

  /** Runs a statement, or several as one transaction, to its end. Rejects with the server's error. */
  query(sql: string): Promise<void> {
    return this.#ask(sql);
  }

  /**
   * Runs `COPY … FROM STDIN`, or several as one transaction, to their end; rejects as soon as the server
   * refuses a row. `ready` is called when the server wants data.
   */
  async copyIn(sql: string, ready: () => void): Promise<void> {
    this.#ready = ready;
    try {
      await this.#ask(sql);
    } finally {
      this.#ready = null;
    }
  }

  /** Runs `COPY … TO STDOUT`, or several, handing data and the ends of data to `sink`. */
  async copyOut(sql: string, sink: Sink): Promise<void> {
    this.#sink = sink;
    try {
      await this.#ask(sql);
    } finally {
      this.#sink = null;
    }
  }

  /** Writes frames as they are; false when the caller should wait for `onDrain`. */
  write(frames: Buffer): boolean {
    return this.#socket.write(frames);
  }

  onDrain(resume: () => void): void {
    this.#socket.on("drain", resume);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #ask(sql: string): Promise<void> {
    this.#frames = 0;
    this.bytes = 0;
    this.rows = [];
    const text = Buffer.from(`${sql}\0`, "utf8");
    const header = Buffer.alloc(HEADER_BYTES);
    header.write("Q");
    header.writeUInt32BE(text.length + 4, 1);
    this.#socket.write(Buffer.concat([header, text]));
    return new Promise((done, fail) => {
      if (this.#socket.destroyed) return fail(this.#failure ?? new Error("connection terminated"));
      this.#waiter = { done, fail };
    });
  }

  #read(chunk: Buffer): void {
    const data = this.#carry === null ? chunk : Buffer.concat([this.#carry, chunk]);
    this.#carry = null;
    let at = Math.min(this.#skip, data.length);
    this.#skip -= at;
    let run = 0;
    while (at < data.length) {
      const left = data.length - at;
      if (left < HEADER_BYTES) break;
      const size = data.readUInt32BE(at + 1) + 1;
      const type = data[at];
      if (type === COPY_DATA || (type === COPY_DONE && left >= size)) {
        if (type === COPY_DATA) this.#frames += 1;
        this.bytes += size - HEADER_BYTES;
        const taken = size < left ? size : left;
        this.#skip = size - taken;
        at += taken;
        continue;
      }
      if (left < size) break;
      this.#forward(data, run, at);
      this.#take(data.subarray(at, at + size));
      at += size;
      run = at;
    }
    this.#forward(data, run, at);
    if (at < data.length) this.#carry = data.subarray(at);
  }

  #forward(data: Buffer, from: number, to: number): void {
    if (to > from && this.#sink !== null && !this.#sink(data.subarray(from, to))) this.#socket.pause();
  }

  #take(frame: Buffer): void {
    const type = String.fromCharCode(frame[0] ?? 0);
    const body = frame.subarray(HEADER_BYTES);
    if (type === "C") this.#complete(body.toString("latin1"));
    if (type === "E") this.#failure = new WireError(field(body, "C"), field(body, "M"));
    if (type === "G") this.#ready?.();
    if (type === "Z") {
      const failure = this.#failure;
      this.#failure = null;
      this.#settle(failure);
    }
  }

  #complete(tag: string): void {
    const rows = /^COPY (\d+)/.exec(tag)?.[1];
    if (rows === undefined) return;
    this.rows.push(Number(rows));
    this.#frames = 0;
  }

  #settle(error: Error | null): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (error === null) waiter?.done();
    else waiter?.fail(error);
  }

  #close(error: Error): void {
    this.#failure ??= error;
    this.#settle(this.#failure);
  }
}
