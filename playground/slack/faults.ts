import type { Json } from "./model.ts";

export type Fault =
  /** HTTP 429 with Retry-After, in seconds. */
  | { readonly status: 429; readonly retryAfter: number }
  /** Any other HTTP status, before anything happened. */
  | { readonly status: number }
  /** HTTP 200 with `{ ok: false, error }`. */
  | { readonly error: string }
  /** The request is accepted and never answered; nothing happens. */
  | { readonly hang: true }
  /** The connection is cut; nothing happens. */
  | { readonly drop: true }
  /** The method takes effect, and the answer never comes. */
  | { readonly acceptedButTimesOut: true }
  /** The method takes effect, and the answer is this HTTP status. */
  | { readonly acceptedButStatus: number }
  /** The method takes effect after this many milliseconds. */
  | { readonly latencyMs: number };

export interface FaultScope {
  /** How many matching calls it hits; 1 unless told otherwise, Infinity for all. */
  readonly times?: number;
  readonly when?: (args: Json) => boolean;
}

interface Script {
  readonly method: string;
  readonly fault: Fault;
  readonly when: (args: Json) => boolean;
  left: number;
}

/** Scripted failures of the Web API, first written first used. */
export class Faults {
  #scripts: Script[] = [];

  /** @param method a method's name, or `*` for every method */
  next(method: string, fault: Fault, scope: FaultScope = {}): void {
    this.#scripts.push({ method, fault, when: scope.when ?? (() => true), left: scope.times ?? 1 });
  }

  /** Every matching call until `clear`. */
  always(method: string, fault: Fault, scope: Omit<FaultScope, "times"> = {}): void {
    this.next(method, fault, { ...scope, times: Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#scripts = [];
  }

  /** Scripted faults that were not hit as often as written, for a test that wants to be sure they were. */
  get pending(): number {
    return this.#scripts.filter(({ left }) => left !== Number.POSITIVE_INFINITY).length;
  }

  take(method: string, args: Json): Fault | undefined {
    const script = this.#scripts.find(
      (script) => (script.method === method || script.method === "*") && script.when(args),
    );
    if (!script) return undefined;
    script.left -= 1;
    if (script.left <= 0) this.#scripts = this.#scripts.filter((other) => other !== script);
    return script.fault;
  }
}
