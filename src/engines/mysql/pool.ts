import { setMaxListeners } from "node:events";

/** Sessions on each side that a call may use at once, unless told otherwise. */
export const DEFAULT_JOBS = 4;

/** Runs `work` in parallel. The first failure aborts the others; it is thrown when all have ended. */
export async function inParallel(
  workers: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(0, all); // Every session of every worker listens.
  let first: { readonly error: unknown } | null = null;
  const one = async (): Promise<void> => {
    try {
      await work(all);
    } catch (error) {
      first ??= { error };
      stop.abort(error);
    }
  };
  await Promise.all(Array.from({ length: workers }, one));
  if (first !== null) throw (first as { readonly error: unknown }).error;
}
