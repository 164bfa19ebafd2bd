import { type FailureClass, GodwitError } from "../../core/failure.ts";

interface Kind {
  readonly code: string;
  readonly class: FailureClass;
  readonly what: string;
  readonly remedy: string;
}

const RETRY = "Godwit tries again by itself.";
const LOST: Kind = {
  code: "connection-lost",
  class: "transient",
  what: "the connection to the server was lost",
  remedy: RETRY,
};
const NOT_PRIMARY: Kind = {
  code: "server-not-primary",
  class: "transient",
  what: "the server is not the primary of its replica set just now",
  remedy: RETRY,
};

/** Code of the server's answer to what somebody may not do. */
export const UNAUTHORIZED = 13;

/** By the code of the server's answer. Source: MongoDB's error_codes.yml. */
const KINDS: Readonly<Record<number, Kind>> = {
  [UNAUTHORIZED]: {
    code: "permission-denied",
    class: "permanent",
    what: "the server denied permission",
    remedy: "Give Godwit's user the role root on this server.",
  },
  18: {
    code: "login-refused",
    class: "permanent",
    what: "the server refused the login",
    remedy: "Check the user, the password and authSource that Godwit was given for this server.",
  },
  91: LOST,
  189: NOT_PRIMARY,
  10107: NOT_PRIMARY,
  11600: LOST,
  11602: NOT_PRIMARY,
  14031: {
    code: "disk-full",
    class: "permanent",
    what: "the server's disk is full",
    remedy: "Pick a plan with a larger disk, or free space on the server.",
  },
};

const NETWORK = /^Mongo(Network|ServerSelection|PoolCleared|WaitQueueTimeout|TopologyClosed|NotConnected)/;

function kindOf(error: Error): Kind {
  const known = "code" in error ? KINDS[Number(error.code)] : undefined;
  if (known) return known;
  if (NETWORK.test(error.name)) return LOST;
  const what = "the server answered with an error";
  return {
    code: "database-error",
    class: "permanent",
    what,
    remedy: "Ask support to look at the server's log.",
  };
}

/** An answer without what may hold somebody's data: its name and its number say what is the matter. */
function withoutData(error: Error): Error {
  const field = (name: string) => (name in error ? ` ${String(Reflect.get(error, name))}` : "");
  return new Error(`${error.name}${field("code")}${field("codeName")}`);
}

/** Turns whatever was thrown while doing `action` into a `GodwitError`. */
function toGodwitError(error: unknown, action: string): GodwitError {
  if (error instanceof GodwitError) return error;
  const known = error instanceof Error ? error : new Error(String(error));
  const kind = kindOf(known);
  return new GodwitError({ ...kind, summary: `${action}: ${kind.what}.`, cause: withoutData(known) });
}

/** Runs one call of the engine; an abort wins over the errors that it causes. */
export async function guarded<T>(action: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw toGodwitError(error, action);
  }
}
