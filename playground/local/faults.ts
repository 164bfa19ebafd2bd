/** What can go wrong with a request to any local server that speaks HTTP. */
export type HttpFault =
  /** The request is accepted and never answered; nothing happens. */
  | { readonly hang: true }
  /** The connection is cut; nothing happens. */
  | { readonly drop: true }
  /** The request takes effect, and the answer never comes. */
  | { readonly acceptedButTimesOut: true }
  /** The request takes effect, and the answer is this HTTP status. */
  | { readonly acceptedButStatus: number }
  /** The request takes effect after this many milliseconds of real time. */
  | { readonly latencyMs: number };

/** The request takes effect, and the connection is cut before the answer. */
export interface DroppedAnswer {
  readonly acceptedButDropped: true;
}

/** A request as scripts see it. */
export interface HttpCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface FaultScope<Args> {
  /** How many matching calls it hits; 1 unless told otherwise, Infinity for all. */
  readonly times?: number;
  readonly when?: (args: Args) => boolean;
}

interface Script<Fault, Args> {
  readonly target: string;
  readonly fault: Fault;
  readonly when: (args: Args) => boolean;
  left: number;
}

/** Scripted failures of a local server's API, first written first used. */
export class Faults<Fault, Args, Target extends string = string> {
  #scripts: Script<Fault, Args>[] = [];

  /** @param target the name of a method or route, or `*` for every one */
  next(target: Target | "*", fault: Fault, scope: FaultScope<Args> = {}): void {
    this.#scripts.push({ target, fault, when: scope.when ?? (() => true), left: scope.times ?? 1 });
  }

  /** Every matching call until `clear`. */
  always(target: Target | "*", fault: Fault, scope: Omit<FaultScope<Args>, "times"> = {}): void {
    this.next(target, fault, { ...scope, times: Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#scripts = [];
  }

  /** Scripted faults that were not hit as often as written, for a test that wants to be sure they were. */
  get pending(): number {
    return this.#scripts.filter(({ left }) => left !== Number.POSITIVE_INFINITY).length;
  }

  take(target: string, args: Args): Fault | undefined {
    const script = this.#scripts.find(
      (script) => (script.target === target || script.target === "*") && script.when(args),
    );
    if (!script) return undefined;
    script.left -= 1;
    if (script.left <= 0) this.#scripts = this.#scripts.filter((other) => other !== script);
    return script.fault;
  }
}
