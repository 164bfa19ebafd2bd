import type { EngineCall } from "../../../core/ports/engine.ts";

const REPORT_EVERY_MS = 200;

/** Counts what is done, and reports it now and then. */
export class Tally {
  label = "";
  bytes = 0;
  keys = 0;
  readonly #call: EngineCall;
  readonly #totalBytes: number;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(call: EngineCall, totalBytes: number) {
    this.#call = call;
    this.#totalBytes = totalBytes;
  }

  add(keys: number, bytes: number): void {
    this.keys += keys;
    this.bytes += bytes;
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    this.#call.report({
      label: this.label,
      doneBytes: this.bytes,
      totalBytes: Math.max(this.#totalBytes, this.bytes),
      doneRows: this.keys,
      item: "key",
    });
  }
}
