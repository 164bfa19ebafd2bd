import { type ErrorKind, guardedBy, LOST, RETRY, SUPPORT, translatedBy } from "../guarded.ts";

/** An error of the server without the parts that may hold somebody's data: detail, where, and values. */
class ServerError extends Error {
  constructor(sqlState: string, message: string) {
    super(`${sqlState}: ${message}`);
    this.name = "ServerError";
  }
}

/** By SQLSTATE or its class. Source: PostgreSQL documentation, appendix A. */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  "08": LOST,
  "57P": LOST,
  "28": {
    code: "login-refused",
    class: "permanent",
    what: "the server refused the login",
    remedy: "Check the user and the password that Godwit was given for this server.",
  },
  "3D": {
    code: "database-missing",
    class: "permanent",
    what: "the database does not exist",
    remedy: "Check the name of the database.",
  },
  "40": {
    code: "conflict",
    class: "transient",
    what: "another session was in the way",
    remedy: RETRY,
  },
  "42501": {
    code: "permission-denied",
    class: "permanent",
    what: "the server denied permission",
    remedy: "Give Godwit's administrator the rights of a superuser on this server.",
  },
  "53100": {
    code: "disk-full",
    class: "permanent",
    what: "the server's disk is full",
    remedy: "Pick a plan with more disk, or free space on the server.",
  },
  "53200": {
    code: "out-of-memory",
    class: "permanent",
    what: "the server is out of memory or locks",
    remedy: "Raise max_locks_per_transaction on the server, or give it more memory.",
  },
  "53400": {
    code: "limit-reached",
    class: "transient",
    what: "a limit of the server was reached",
    remedy: "Raise max_replication_slots and max_wal_senders on the server, or end what uses them.",
  },
  "53300": {
    code: "too-many-connections",
    class: "transient",
    what: "the server has no connection left",
    remedy: RETRY,
  },
  "55P03": { code: "lock-timeout", class: "transient", what: "a lock was not to be had", remedy: RETRY },
};

const NETWORK = /ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|terminated|timeout|not queryable/i;

function sqlStateOf(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]/.test(code) ? code : null;
}

function kindOf(error: Error, sqlState: string | null): ErrorKind {
  if (sqlState !== null) {
    const kind = KINDS[sqlState] ?? KINDS[sqlState.slice(0, 3)] ?? KINDS[sqlState.slice(0, 2)];
    const what = `the server answered with error ${sqlState}`;
    return kind ?? { code: "database-error", class: "permanent", what, remedy: SUPPORT };
  }
  const code = "code" in error ? String(error.code) : "";
  if (NETWORK.test(`${code} ${error.message}`)) return LOST;
  return { code: "engine-error", class: "permanent", what: "something unexpected happened", remedy: SUPPORT };
}

/** Messages of class 22 quote values of rows; all others name objects only. */
function withoutData(error: Error, sqlState: string | null): Error {
  if (sqlState === null) return error;
  return new ServerError(sqlState, sqlState.startsWith("22") ? "a value was refused" : error.message);
}

/** The server's answer to one statement, in words safe to log. */
export function describeError(error: unknown): string {
  const known = error instanceof Error ? error : new Error(String(error));
  return withoutData(known, sqlStateOf(known)).message;
}

/** SQLSTATE of an error, or null when it does not come from the server. */
export const sqlState = sqlStateOf;

/** Turns whatever was thrown while doing `action` (such as `Copying orders`) into a `GodwitError`. */
export const toGodwitError = translatedBy((error) => {
  const state = sqlStateOf(error);
  return { kind: kindOf(error, state), cause: withoutData(error, state) };
});

/** Runs one call of the engine; an abort wins over the errors that it causes. */
export const guarded = guardedBy(toGodwitError);
