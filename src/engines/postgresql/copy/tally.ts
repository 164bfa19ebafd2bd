import type { EngineCall } from "../../../core/ports/engine.ts";
import type { Spliced } from "./splice.ts";
import type { Wire } from "./wire.ts";

const REPORT_EVERY_MS = 250;
const NAMES_SHOWN = 3;

/** What one worker is doing. */
interface Doing {
  readonly verb: "building" | "copying";
  readonly what: string;
  /** Where rows come from, while they come. */
  readonly source: Wire | null;
}

/** Adds up what all workers have moved, also of parts still under way, and reports it. */
export class Tally {
  rows = 0;
  bytes = 0;
  readonly #doing = new Map<object, Doing>();
  readonly #call: EngineCall;
  readonly #totalBytes: number;
  #reportedAt = 0;

  constructor(call: EngineCall, totalBytes: number) {
    this.#call = call;
    this.#totalBytes = totalBytes;
  }

  /** Workers that are doing something. */
  get busy(): number {
    return this.#doing.size;
  }

  begin(worker: object, doing: Doing): void {
    this.#doing.set(worker, doing);
    this.report(0);
  }

  end(worker: object, moved: Spliced = { rows: 0, bytes: 0 }): void {
    this.#doing.delete(worker);
    this.rows += moved.rows;
    this.bytes += moved.bytes;
  }

  /** Counts are exact at any time; the total is the catalog's until the count passes it. */
  report(everyMs = REPORT_EVERY_MS): void {
    const now = performance.now();
    if (now - this.#reportedAt < everyMs || this.#doing.size === 0) return;
    this.#reportedAt = now;
    const doing = [...this.#doing.values()];
    const doneBytes = doing.reduce((sum, { source }) => sum + (source?.bytes ?? 0), this.bytes);
    const doneRows = doing.reduce((sum, { source }) => sum + (source?.rowsSoFar ?? 0), this.rows);
    const totalBytes = Math.max(this.#totalBytes, doneBytes);
    const label = [labelOf(doing, "building"), labelOf(doing, "copying")].filter(Boolean).join("; ");
    this.#call.report({ label, doneBytes, totalBytes, doneRows });
  }

  /** Reports regularly until the returned function is called. */
  tick(): () => void {
    const ticking = setInterval(() => this.report(), REPORT_EVERY_MS);
    return () => clearInterval(ticking);
  }
}

function labelOf(doing: readonly Doing[], verb: Doing["verb"]): string {
  const names = [...new Set(doing.filter((each) => each.verb === verb).map(({ what }) => what))];
  if (names.length === 0) return "";
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  return `${verb} ${names.slice(0, NAMES_SHOWN).join(", ")}${more}`;
}
