import { setMaxListeners } from "node:events";

/** Sessions on each side that a call may use at once, unless told otherwise. */
export const DEFAULT_JOBS = 4;

/** Something that runs beside others until it is done or told to stop. */
export type Task = (signal: AbortSignal) => Promise<void>;

/** Runs tasks side by side. The first failure aborts the others; it is thrown when all have ended. */
export async function allTogether(tasks: readonly Task[], signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(0, all); // Every session of every task listens.
  let first: { readonly error: unknown } | null = null;
  const one = async (task: Task): Promise<void> => {
    try {
      await task(all);
    } catch (error) {
      first ??= { error };
      stop.abort(error);
    }
  };
  await Promise.all(tasks.map(one));
  if (first !== null) throw (first as { readonly error: unknown }).error;
}

/** Runs `work` in parallel, each time with sessions of its own. */
export function inParallel(workers: number, signal: AbortSignal, work: Task): Promise<void> {
  return allTogether(
    Array.from({ length: workers }, () => work),
    signal,
  );
}
