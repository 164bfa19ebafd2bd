const INTERVAL_MS = 10_000;

/** Calls `act` at most once in ten seconds: a queue that lost its backend reports hundreds of errors a second. */
export function occasionally<T>(act: (value: T) => void): (value: T) => void {
  let next = 0;
  return (value) => {
    const now = performance.now();
    if (now < next) return;
    next = now + INTERVAL_MS;
    act(value);
  };
}
