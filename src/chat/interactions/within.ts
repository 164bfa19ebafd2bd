import type { Clock } from "../../core/ports/clock.ts";

/** Waits for work at most `ms`: undefined when it takes longer. The work goes on; its caller owns its outcome. */
export async function within<T>(
  work: Promise<T>,
  limit: { readonly ms: number; readonly clock: Clock },
): Promise<T | undefined> {
  const late = new AbortController();
  const timer = limit.clock.sleep(limit.ms, late.signal).then(
    () => undefined,
    () => undefined,
  );
  work.catch(() => undefined);
  try {
    return await Promise.race([work, timer]);
  } finally {
    late.abort();
  }
}
