import { type FailureClass, GodwitError } from "../core/failure.ts";

/** What is said of one kind of failure. */
export interface ErrorKind {
  readonly code: string;
  readonly class: FailureClass;
  readonly what: string;
  readonly remedy: string;
}

export const RETRY = "Godwit tries again by itself.";
export const SUPPORT = "Ask support to look at the server's log.";

export const LOST: ErrorKind = {
  code: "connection-lost",
  class: "transient",
  what: "the connection to the server was lost",
  remedy: RETRY,
};

/** Turns whatever was thrown while doing `action`, such as `Copying orders`, into a `GodwitError`. */
type Translate = (error: unknown, action: string) => GodwitError;

/** How an engine translates what it catches: `judge` names the kind of an error, and its cause without anybody's data. */
export function translatedBy(
  judge: (error: Error) => { readonly kind: ErrorKind; readonly cause: Error },
): Translate {
  return (error, action) => {
    if (error instanceof GodwitError) return error;
    const { kind, cause } = judge(error instanceof Error ? error : new Error(String(error)));
    return new GodwitError({ ...kind, summary: `${action}: ${kind.what}.`, cause });
  };
}

/** Runs one call of an engine; an abort wins over the errors that it causes. */
export type Guarded = <T>(action: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Makes what runs an engine's calls. */
export function guardedBy(translate: Translate): Guarded {
  return async (action, signal, work) => {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw translate(error, action);
    }
  };
}
