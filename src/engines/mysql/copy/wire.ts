import type { Socket } from "node:net";
import type { Session } from "../session.ts";
import { HEADER_BYTES } from "./encode-rows.ts";
import { PacketReader } from "./packet-reader.ts";

const COM_QUERY = 0x03;
const OK = 0x00;
const LOCAL_INFILE = 0xfb;
const END = 0xfe;
const FAILED = 0xff;

/** Takes one row of the text protocol. */
export type RowSink = (source: Buffer, start: number, end: number) => void;

/** An error that the server sent, as the driver gives it. */
export class WireError extends Error {
  readonly errno: number;

  constructor(errno: number, message: string) {
    super(message);
    this.name = "WireError";
    this.errno = errno;
  }
}

/** What to do with the packets that answer the statement under way. Returns true when the answer is complete. */
type Answer = (packet: Buffer, start: number, end: number) => boolean;

/**
 * A session taken over from the driver, which would make an object of every row. Speaks as much of the protocol as a
 * copy needs: statements, rows in, and LOAD DATA LOCAL out. Source: MySQL Internals Manual, "Text Protocol". After a
 * failure it is unusable.
 */
export class Wire {
  readonly #session: Session;
  readonly #socket: Socket;
  readonly #reader: PacketReader;
  #answer: Answer | null = null;
  #waiting: { readonly done: () => void; readonly fail: (error: Error) => void } | null = null;
  #sequence = 0;

  constructor(session: Session) {
    this.#session = session;
    this.#socket = session.socket;
    this.#reader = new PacketReader((packet, start, end, sequence) =>
      this.#take(packet, start, end, sequence),
    );
    this.#socket.removeAllListeners("data");
    this.#socket.on("data", (chunk) => this.#receive(chunk));
    const lost = (): void => this.#fail(Object.assign(new Error("connection lost"), { code: "ECONNRESET" }));
    this.#socket.on("close", lost);
    this.#socket.on("error", lost);
    if (this.#socket.destroyed) lost();
  }

  /** Runs a statement that returns no rows; resolves with the number of rows that it changed. */
  async run(sql: string): Promise<number> {
    let changed = 0;
    await this.#ask(sql, (packet, start) => {
      changed = readInteger(packet, start + 1);
      return true;
    });
    return changed;
  }

  /** Runs a statement that returns rows and hands each one over. */
  readRows(sql: string, sink: RowSink): Promise<void> {
    let columns = -1;
    return this.#ask(sql, (packet, start, end) => {
      if (columns < 0) {
        columns = readInteger(packet, start) + 1; // The definitions, and the mark behind them.
        return false;
      }
      if (columns > 0) {
        columns -= 1;
        return false;
      }
      if (packet[start] === END && end - start < 9) return true;
      sink(packet, start, end);
      return false;
    });
  }

  /**
   * Runs a LOAD DATA LOCAL. `ready` is called when the server wants the data, which `send` and `finish` give it;
   * resolves with the number of rows that it took.
   */
  async load(sql: string, ready: () => void): Promise<number> {
    let taken = 0;
    await this.#ask(sql, (packet, start) => {
      if (packet[start] === LOCAL_INFILE) {
        ready();
        return false;
      }
      taken = readInteger(packet, start + 1);
      return true;
    });
    return taken;
  }

  /** Sends a block that begins with room for a header; false when the server has to be waited for. */
  send(block: Buffer): boolean {
    block.writeUIntLE(block.length - HEADER_BYTES, 0, 3);
    block[3] = this.#nextSequence();
    return this.#socket.write(block);
  }

  /** Says that all data was sent. */
  finish(): void {
    this.send(Buffer.alloc(HEADER_BYTES));
  }

  onDrain(work: () => void): void {
    this.#socket.on("drain", work);
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

  close(): void {
    this.#session.connection.destroy();
  }

  #ask(sql: string, answer: Answer): Promise<void> {
    const text = Buffer.from(`....\x03${sql}`);
    text.writeUIntLE(text.length - HEADER_BYTES, 0, 3);
    text[3] = 0;
    text[4] = COM_QUERY;
    return new Promise((done, fail) => {
      if (this.#socket.destroyed) {
        fail(Object.assign(new Error("connection lost"), { code: "ECONNRESET" }));
        return;
      }
      this.#answer = answer;
      this.#waiting = { done, fail };
      this.#socket.write(text);
    });
  }

  #receive(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#fail(error as Error);
      this.#socket.destroy();
    }
  }

  #take(packet: Buffer, start: number, end: number, sequence: number): void {
    this.#sequence = sequence;
    if (this.#answer === null) return;
    if (packet[start] === FAILED) return this.#fail(readError(packet, start, end));
    if (!this.#answer(packet, start, end)) return;
    const waiting = this.#waiting;
    this.#answer = null;
    this.#waiting = null;
    waiting?.done();
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#answer = null;
    this.#waiting = null;
    waiting?.fail(error);
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence + 1) & 0xff;
    return this.#sequence;
  }
}

/** A length-encoded integer. */
function readInteger(packet: Buffer, at: number): number {
  const first = packet[at] ?? OK;
  if (first < 0xfb) return first;
  if (first === 0xfc) return packet.readUInt16LE(at + 1);
  if (first === 0xfd) return packet.readUIntLE(at + 1, 3);
  return Number(packet.readBigUInt64LE(at + 1));
}

function readError(packet: Buffer, start: number, end: number): WireError {
  const text = packet.toString("utf8", start + 3, end).replace(/^#.{5}/, "");
  return new WireError(packet.readUInt16LE(start + 1), text);
}
