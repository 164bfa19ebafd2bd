/** What a wait looks for: words, a pattern, or anything a predicate accepts. */
export type Match<T> = string | RegExp | ((item: T) => boolean);

export function matches<T>(match: Match<T>, item: T, texts: readonly string[]): boolean {
  if (typeof match === "function") return match(item);
  if (typeof match === "string") return texts.some((text) => text.includes(match));
  return texts.some((text) => new RegExp(match.source, match.flags.replace(/[gy]/g, "")).test(text));
}

export function describeMatch(match: Match<never>): string {
  return typeof match === "function" ? "what the predicate accepts" : String(match);
}

export interface WaitOptions {
  /** Milliseconds; the local server's `waitTimeoutMs` when left out. */
  readonly timeoutMs?: number;
}
