import { type ErrorKind, guardedBy, LOST, RETRY, SUPPORT, translatedBy } from "../guarded.ts";

const NOT_PRIMARY: ErrorKind = {
  code: "server-not-primary",
  class: "transient",
  what: "the server is not the primary of its replica set just now",
  remedy: RETRY,
};

/** Code of the server's answer to what somebody may not do. */
export const UNAUTHORIZED = 13;

/** By the code of the server's answer. Source: MongoDB's error_codes.yml. */
const KINDS: Readonly<Record<number, ErrorKind>> = {
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

function kindOf(error: Error): ErrorKind {
  const known = "code" in error ? KINDS[Number(error.code)] : undefined;
  if (known) return known;
  if (NETWORK.test(error.name)) return LOST;
  const what = "the server answered with an error";
  return {
    code: "database-error",
    class: "permanent",
    what,
    remedy: SUPPORT,
  };
}

/** An answer without what may hold somebody's data: its name and its number say what is the matter. */
function withoutData(error: Error): Error {
  const field = (name: string) => (name in error ? ` ${String(Reflect.get(error, name))}` : "");
  return new Error(`${error.name}${field("code")}${field("codeName")}`);
}

/** Runs one call of the engine; an abort wins over the errors that it causes. */
export const guarded = guardedBy(
  translatedBy((error) => ({ kind: kindOf(error), cause: withoutData(error) })),
);
