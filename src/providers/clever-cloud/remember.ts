import type { Clock } from "../../core/ports/clock.ts";

/** How long answers are kept, and what tells one question from another. */
export interface Keeping<Question> {
  readonly clock: Clock;
  readonly forMs: number;
  readonly keyOf: (question: Question) => string;
}

/** Makes a function that gives the same answer to the same question for some time, then asks again. What failed is not kept. */
export function remember<Question, T>(
  { clock, forMs, keyOf }: Keeping<Question>,
  ask: (question: Question, signal: AbortSignal) => Promise<T>,
): (question: Question, signal: AbortSignal) => Promise<T> {
  const known = new Map<string, { readonly value: T; readonly until: number }>();
  return async (question, signal) => {
    signal.throwIfAborted();
    const key = keyOf(question);
    const now = clock.now().getTime();
    const found = known.get(key);
    if (found !== undefined && now < found.until) return found.value;
    const value = await ask(question, signal);
    known.set(key, { value, until: now + forMs });
    return value;
  };
}
