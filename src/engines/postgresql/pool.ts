import type pg from "pg";
import { inParallel } from "../in-parallel.ts";
import { closeSession, type Login, openSession, type SessionOptions } from "./session.ts";

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
