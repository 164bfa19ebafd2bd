const REDACTED = "[redacted]";

/**
 * A value that must appear in no log, chat, queue, event or error text: whatever prints it shows
 * `[redacted]`. `reveal()` is the only way to the value, which makes every use easy to find.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }
}
