import { existsSync, openSync, readFileSync, writeSync } from "node:fs";

/**
 * How an attempt to write ended. `accepted`: committed. `refused`: SQLSTATE 25006, read-only, so certainly
 * not written. `error`: anything else; when it left the outcome open, the same ref is tried again.
 */
export type Outcome = "accepted" | "refused" | "error";

/** One attempt. */
export interface JournalEntry {
  /** The write's number, `orders.client_ref`. */
  readonly ref: number;
  /** When the outcome was known, in milliseconds since 1970. */
  readonly at: number;
  readonly outcome: Outcome;
  /** SQLSTATE or Node's error code; null when accepted. */
  readonly code: string | null;
  /** host:port/database */
  readonly target: string;
}

/** Reads a journal; a line that a crash cut short is left out. */
export function readJournal(file: string): JournalEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalEntry);
}

/** The shop's own record of what its customers were told. Each line is written before the next attempt. */
export class Journal {
  readonly #file: number;
  #nextRef: number;
  accepted = 0;
  refused = 0;
  errors = 0;
  firstRefusedAt: number | null = null;
  lastRefusedAt: number | null = null;
  readonly #acceptedAt: number[] = [];

  constructor(file: string) {
    const before = readJournal(file);
    this.#nextRef = (before.at(-1)?.ref ?? 0) + 1;
    for (const entry of before) this.#count(entry);
    this.#file = openSync(file, "a");
  }

  takeRef(): number {
    return this.#nextRef++;
  }

  add(entry: JournalEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    this.#count(entry);
  }

  /** Writes accepted in the last second. */
  writesPerSecond(now: number): number {
    while ((this.#acceptedAt[0] ?? now) < now - 1000) this.#acceptedAt.shift();
    return this.#acceptedAt.length;
  }

  #count({ outcome, at }: JournalEntry): void {
    if (outcome === "accepted") {
      this.accepted += 1;
      this.#acceptedAt.push(at);
      this.writesPerSecond(at);
    } else if (outcome === "refused") {
      this.refused += 1;
      this.firstRefusedAt ??= at;
      this.lastRefusedAt = at;
    } else this.errors += 1;
  }
}
