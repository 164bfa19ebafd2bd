import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Toxics } from "./fault-proxy.ts";

/** One connection through a proxy, in both directions. */
export class Passage {
  readonly #ends: readonly [Socket, Socket];
  readonly #toxics: () => Toxics;
  readonly #ended: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #passed = 0;

  constructor(client: Socket, server: Socket, toxics: () => Toxics) {
    this.#ends = [client, server];
    this.#toxics = toxics;
    for (const [from, to] of [this.#ends, this.#ends.toReversed() as [Socket, Socket]]) {
      from.on("error", () => this.reset());
      from.on("close", () => this.#end());
      void this.#carry(from, to).catch(() => this.reset());
    }
    this.poisoned();
  }

  onEnd(listener: () => void): void {
    this.#ended.push(listener);
  }

  /** Toxics that end a connection count from the moment at which they came. */
  poisoned(): void {
    clearTimeout(this.#timer);
    const { resetPeer, timeout } = this.#toxics();
    if (resetPeer) this.#timer = setTimeout(() => this.reset(), resetPeer.timeoutMs);
    else if (timeout && timeout.timeoutMs > 0)
      this.#timer = setTimeout(() => this.#destroy(), timeout.timeoutMs);
  }

  /** Ends both sides with RST, as when a process or a host has gone. */
  reset(): void {
    for (const end of this.#ends) if (!end.destroyed) end.resetAndDestroy();
  }

  #destroy(): void {
    for (const end of this.#ends) end.destroy();
  }

  #end(): void {
    clearTimeout(this.#timer);
    if (this.#ends.every(({ destroyed }) => destroyed)) for (const tell of this.#ended.splice(0)) tell();
  }

  async #carry(from: Socket, to: Socket): Promise<void> {
    // The iterator would destroy the socket at its end, and with it the way back.
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      for (const piece of this.#slice(chunk as Buffer)) await this.#carryPiece(piece, to);
    }
    await this.#wait(this.#toxics().slowClose?.delayMs ?? 0);
    await this.#untilOpen();
    to.end();
  }

  async #carryPiece(piece: Buffer, to: Socket): Promise<void> {
    const { latency, bandwidth, slicer, limitData } = this.#toxics();
    const jitterMs = (latency?.jitterMs ?? 0) * (Math.random() * 2 - 1);
    await this.#wait((latency?.latencyMs ?? 0) + jitterMs);
    if (bandwidth) await this.#wait(piece.length / bandwidth.rateKb);
    await this.#wait(slicer?.delayMs ?? 0);
    await this.#untilOpen();
    const left = (limitData?.bytes ?? Number.POSITIVE_INFINITY) - this.#passed;
    const allowed = piece.subarray(0, Math.max(0, left));
    this.#passed += allowed.length;
    if (!to.destroyed && allowed.length > 0) to.write(allowed);
    if (allowed.length < piece.length) this.#destroy();
  }

  #slice(chunk: Buffer): Buffer[] {
    const size = this.#toxics().slicer?.averageSize ?? chunk.length;
    const pieces: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += size) pieces.push(chunk.subarray(at, at + size));
    return pieces;
  }

  /** While a connection is a black hole, what was sent waits in it. */
  async #untilOpen(): Promise<void> {
    while (this.#toxics().timeout && !this.#ends[0].destroyed) await this.#wait(10);
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms);
  }
}
