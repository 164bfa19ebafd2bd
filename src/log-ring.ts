import type { Log } from "./core/ports/log.ts";
import { describeError, redact } from "./core/redact.ts";

const LINES = 50;
const MIGRATIONS = 200;
const CHARACTERS = 400;

type Level = "info" | "warn" | "error";

/**
 * Remembers the last lines that were logged about each migration in this process, redacted, for whoever is called to
 * help. Bounded: 50 lines each, of the 200 migrations that were logged about last.
 */
export class LogRing {
  readonly #lines = new Map<string, string[]>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** A log that writes to `log` and is remembered. */
  tee(log: Log, bound: object = {}): Log {
    const write = (level: Level) => (fields: object, event: string) => {
      this.#remember(level, { ...bound, ...fields }, event);
      log[level](fields, event);
    };
    return {
      debug: (fields, event) => log.debug(fields, event),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      child: (fields) => this.tee(log.child(fields), { ...bound, ...fields }),
    };
  }

  /** The last lines about a migration, oldest first. */
  linesOf(migrationId: string): readonly string[] {
    return this.#lines.get(migrationId) ?? [];
  }

  #remember(level: Level, fields: Readonly<Record<string, unknown>>, event: string): void {
    const { migrationId, ...rest } = fields;
    if (typeof migrationId !== "string") return;
    const words = Object.entries(rest).flatMap(([name, value]) => wordOf(name, value));
    const line = redact([this.#now().toISOString(), level, event, ...words].join(" "));
    const lines = [...(this.#lines.get(migrationId) ?? []), Array.from(line).slice(0, CHARACTERS).join("")];
    this.#lines.delete(migrationId);
    this.#lines.set(migrationId, lines.slice(-LINES));
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > MIGRATIONS && oldest !== undefined) this.#lines.delete(oldest);
  }
}

/** Plain values and the words of errors; whole objects stay out, since clients hang their tokens on them. */
function wordOf(name: string, value: unknown): string[] {
  if (value instanceof Error) return [`${name}=${describeError(value, CHARACTERS)}`];
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain && value !== "" ? [`${name}=${value}`] : [];
}
