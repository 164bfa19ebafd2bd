import { setTimeout as sleep } from "node:timers/promises";
import { type Attempt, type Connection, connect, nameTarget, type Target } from "./connection.ts";
import type { Journal } from "./journal.ts";

/** How servers refuse a write: PostgreSQL's SQLSTATE of a read-only transaction, Redis's first words, MariaDB's missing rights. */
const READ_ONLY = new Set(["25006", "NOPERM", "NOREPLICAS", "ER_TABLEACCESS_DENIED_ERROR"]);
const RECONNECT_MS = 50;

/** Writes orders, or whatever its connection saves, one after the other, at most `rate` a second. */
export class Writer {
  readonly #options: { envFile: string; journal: Journal; rate: number };
  #connection: Connection | undefined;
  #restartWanted = false;
  #stopped = false;

  constructor(options: { envFile: string; journal: Journal; rate: number }) {
    this.#options = options;
  }

  /** Where the shop is connected to; null while it is not. */
  get target(): Target | null {
    return this.#connection && !this.#connection.isLost() ? this.#connection.target : null;
  }

  /** Reads the env file again and connects anew, after the write that is under way. */
  restart(): void {
    this.#restartWanted = true;
  }

  get isRestarting(): boolean {
    return this.#restartWanted;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Writes until `stop`; keeps pace by the clock, and does not catch up on time that it lost. */
  async run(): Promise<void> {
    let next = Date.now();
    while (!this.#stopped) {
      await this.#write(this.#options.journal.takeRef());
      next = Math.max(next + 1000 / this.#options.rate, Date.now() - 100);
      await sleep(Math.max(0, next - Date.now()));
    }
    await this.#connection?.close();
  }

  /** Tries until it is certain whether the order was written. */
  async #write(ref: number): Promise<void> {
    for (let isRetry = false; !this.#stopped; isRetry = true) {
      const attempt = await this.#attempt(ref, isRetry);
      const { outcome, code } = attempt;
      this.#options.journal.add({ ref, at: Date.now(), outcome, code, target: this.#describeTarget() });
      if (attempt.isCertain) return;
      await sleep(RECONNECT_MS);
    }
  }

  async #attempt(ref: number, isRetry: boolean): Promise<Attempt> {
    try {
      const connection = await this.#ensureConnection();
      await connection.save(ref, isRetry);
      return { outcome: "accepted", code: null, isCertain: true };
    } catch (error) {
      return this.#judge(codeOf(error));
    }
  }

  /** The server's own answer is certain; a lost connection (class 08, 57P, or Node's codes) leaves it open. */
  #judge(code: string): Attempt {
    if (READ_ONLY.has(code)) return { outcome: "refused", code, isCertain: true };
    const isAnswer = /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|53|28|3D)/.test(code) && !this.#isLost();
    return { outcome: "error", code, isCertain: isAnswer };
  }

  #isLost(): boolean {
    return this.#connection === undefined || this.#connection.isLost();
  }

  async #ensureConnection(): Promise<Connection> {
    if (this.#connection && !this.#restartWanted && !this.#connection.isLost()) return this.#connection;
    await this.#connection?.close();
    this.#connection = undefined;
    this.#connection = await connect(this.#options.envFile);
    this.#restartWanted = false;
    return this.#connection;
  }

  #describeTarget(): string {
    const target = this.#connection?.target;
    return target ? `${target.host}:${target.port}/${target.database}` : nameTarget(this.#options.envFile);
  }
}

/** SQLSTATE, the name of MariaDB's error or Node's code, or the word with which Redis's answer begins. */
function codeOf(error: unknown): string {
  const { code, message = "" } = error as { readonly code?: string; readonly message?: string };
  return code ?? /^([A-Z]+) /.exec(message)?.[1] ?? "unknown";
}
