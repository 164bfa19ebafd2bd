export interface Wait<T> {
  readonly feed: { subscribe(listener: () => void): () => void };
  /** Aborted when the local server closes; its reason says so. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Returns the awaited thing, or undefined while it is not there. */
  readonly look: () => T | undefined;
  readonly wanted: string;
  /** What there is instead; printed when the wait ends in vain. */
  readonly present: () => string;
}

/**
 * Resolves as soon as `look` finds something; looks again after every change of the local server.
 * @throws Error after `timeoutMs` or when the local server closes, saying what was there instead
 */
export function until<T>(wait: Wait<T>): Promise<T> {
  const { promise, resolve, reject } = withResolvers<T>();
  const settle = (finish: () => void): void => {
    clearTimeout(timer);
    unsubscribe();
    wait.signal.removeEventListener("abort", stop);
    finish();
  };
  const check = (): void => {
    try {
      const found = wait.look();
      if (found !== undefined) settle(() => resolve(found));
    } catch (error) {
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    }
  };
  const giveUp = (why: string): void =>
    settle(() =>
      reject(new Error(`waiting for ${wait.wanted}: ${why}. There is instead:\n${wait.present()}`)),
    );
  const stop = (): void => giveUp((wait.signal.reason as Error).message);
  const timer = setTimeout(() => giveUp(`nothing within ${wait.timeoutMs} ms`), wait.timeoutMs);
  const unsubscribe = wait.feed.subscribe(check);
  wait.signal.addEventListener("abort", stop);
  check();
  return promise;
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
