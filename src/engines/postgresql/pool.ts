import type pg from "pg";
import { closeSession, type Login, openSession, type SessionOptions } from "./session.ts";

/** Sessions that a call may use at once, unless told otherwise. */
export const DEFAULT_JOBS = 4;

/**
 * Runs `work` in parallel, each time with sessions of its own. The first failure aborts the others;
 * it is thrown when all have ended.
 */
export async function inParallel(
  workers: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
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

/** Runs `work` for every item, `workers` at a time, with one session per worker. */
export async function forEachWithSession<T>(
  items: readonly T[],
  options: SessionOptions & { readonly login: Login; readonly workers: number },
  work: (client: pg.Client, item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const workers = Math.min(options.workers, queue.length);
  await inParallel(workers, options.signal, async (signal) => {
    const client = await openSession(options.login, { ...options, signal });
    try {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        signal.throwIfAborted();
        await work(client, item);
      }
    } finally {
      await closeSession(client);
    }
  });
}
