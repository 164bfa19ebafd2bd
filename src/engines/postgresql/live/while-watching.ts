import type { EngineCall } from "../../../core/ports/engine.ts";

/** Work, and a look at something that must hold meanwhile. */
interface Watched<T> {
  readonly call: EngineCall;
  /** Looks until `until` is aborted; what it throws stops the work. */
  readonly watch: (until: AbortSignal) => Promise<void>;
  readonly work: (call: EngineCall) => Promise<T>;
}

/** Runs `work` beside `watch`: when that throws, the work is aborted, and its reason thrown. */
export async function whileWatching<T>({ call, watch, work }: Watched<T>): Promise<T> {
  const [stop, done] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([call.signal, stop.signal]);
  const watching = watch(done.signal).catch((error: unknown) => stop.abort(error));
  try {
    return await work({ ...call, signal, report: (progress) => call.report(progress) });
  } catch (error) {
    call.signal.throwIfAborted();
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    done.abort();
    await watching;
  }
}
