import type { EngineCall } from "../../../core/ports/engine.ts";
import type { Moved } from "./splice.ts";

const REPORT_EVERY_MS = 250;
const NAMES_SHOWN = 3;

/** What one worker is doing. */
interface Doing {
  readonly verb: "building" | "copying";
  readonly what: string;
  /** What it has moved so far. */
  readonly moved: Moved;
}

const NOTHING: Moved = { rows: 0, bytes: 0 };

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

  begin(worker: object, verb: Doing["verb"], what: string): void {
    this.#doing.set(worker, { verb, what, moved: NOTHING });
    this.report(0);
  }

  /** Counts what grows in `moved` from now on. */
  watch(worker: object, moved: Moved): void {
    const doing = this.#doing.get(worker);
    if (doing !== undefined) this.#doing.set(worker, { ...doing, moved });
  }

  end(worker: object): void {
    const moved = this.#doing.get(worker)?.moved ?? NOTHING;
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
    const doneBytes = doing.reduce((sum, { moved }) => sum + moved.bytes, this.bytes);
    const doneRows = doing.reduce((sum, { moved }) => sum + moved.rows, this.rows);
    const label = [labelOf(doing, "building"), labelOf(doing, "copying")].filter(Boolean).join("; ");
    this.#call.report({ label, doneBytes, totalBytes: Math.max(this.#totalBytes, doneBytes), doneRows });
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
