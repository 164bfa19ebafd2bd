import type { RawData, WebSocket } from "ws";
import { closeCodes } from "./close-codes.ts";
import { type Identify, knownOpcodes, type Resume, sentFrame } from "./frames.ts";
import type { Frame, Session } from "./session.ts";

/** What an app may send in a minute ("Discord, Gateway": rate limiting). */
const sendsPerMinute = 120;
const minuteMs = 60_000;
/** A heartbeat may be late by as much as its interval. */
const patience = 2;

/** What a connection leaves to the hub. */
export interface ConnectionHost {
  readonly heartbeatIntervalMs: number;
  identify(connection: Connection, data: Identify): void;
  resume(connection: Connection, data: Resume): void;
  lost(connection: Connection, code: number): void;
}

/** One socket of the app, from HELLO to its close. */
export class Connection {
  session: Session | undefined;
  /** Hears the app, and does not acknowledge its heartbeats: a zombie. */
  isSilent = false;
  heartbeats = 0;
  readonly #socket: WebSocket;
  readonly #host: ConnectionHost;
  #sentAtMs: number[] = [];
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    socket.on("message", (data) => this.#receive(data));
    socket.on("error", () => socket.terminate());
    socket.on("close", (code) => {
      clearTimeout(this.#deadline);
      host.lost(this, code);
    });
    this.#awaitHeartbeat();
    this.#write({ op: 10, d: { heartbeat_interval: host.heartbeatIntervalMs, _trace: ["local"] } });
  }

  send(frame: Frame): void {
    if (!this.isSilent) this.#write(frame);
  }

  /** Op 7: come back and resume. */
  askToReconnect(): void {
    this.#write({ op: 7, d: null });
  }

  /** Op 9. */
  invalidate(isResumable: boolean): void {
    this.#write({ op: 9, d: isResumable });
  }

  /** Op 1: send a heartbeat now. */
  askForHeartbeat(): void {
    this.#write({ op: 1, d: null });
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #write(frame: Partial<Frame>): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify({ t: null, s: null, ...frame }));
  }

  #receive(data: RawData): void {
    if (this.#sendsTooMuch()) return this.close(closeCodes.rateLimited);
    const message = parse(Buffer.from(data as Buffer).toString());
    const opcode =
      typeof message === "object" && message !== null && "op" in message ? message.op : undefined;
    if (typeof opcode !== "number") return this.close(closeCodes.decodeError);
    if (!knownOpcodes.has(opcode)) return this.close(closeCodes.unknownOpcode);
    const frame = sentFrame.safeParse(message);
    if (frame.success) return this.#obey(frame.data);
    this.close(closeCodes.decodeError);
  }

  #obey(frame: ReturnType<typeof sentFrame.parse>): void {
    if (frame.op === 1) return this.#acknowledge();
    if (frame.op === 2 || frame.op === 6) {
      if (this.session) return this.close(closeCodes.alreadyAuthenticated);
      if (frame.op === 2) this.#host.identify(this, frame.d);
      else this.#host.resume(this, frame.d);
      return;
    }
    if (!this.session) this.close(closeCodes.notAuthenticated);
  }

  #acknowledge(): void {
    this.heartbeats += 1;
    this.#awaitHeartbeat();
    if (!this.isSilent) this.#write({ op: 11, d: null });
  }

  #awaitHeartbeat(): void {
    clearTimeout(this.#deadline);
    const giveUp = (): void => this.close(closeCodes.sessionTimedOut);
    this.#deadline = setTimeout(giveUp, this.#host.heartbeatIntervalMs * patience);
  }

  #sendsTooMuch(): boolean {
    const now = performance.now();
    this.#sentAtMs = [...this.#sentAtMs.filter((at) => at > now - minuteMs), now];
    return this.#sentAtMs.length > sendsPerMinute;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
