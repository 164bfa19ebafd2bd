/** A promise that is settled from outside. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(cause: Error): void;
}

/** Makes a deferred promise; Node 20 has no Promise.withResolvers. */
export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (cause: Error) => void = () => undefined;
  const promise = new Promise<T>((accept, refuse) => {
    [resolve, reject] = [accept, refuse];
  });
  return { promise, resolve: (value) => resolve(value), reject: (cause) => reject(cause) };
}
