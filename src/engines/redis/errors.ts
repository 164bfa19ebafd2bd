import { type ErrorKind, guardedBy, LOST, RETRY, SUPPORT, translatedBy } from "../guarded.ts";

const LOGIN: ErrorKind = {
  code: "login-refused",
  class: "permanent",
  what: "the server refused the login",
  remedy: "Check the user and the password that Godwit was given for this server.",
};

/** By the word with which the server's answer begins. Source: Redis's server.c, `createSharedObjects`. */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  WRONGPASS: LOGIN,
  NOAUTH: LOGIN,
  NOPERM: {
    code: "permission-denied",
    class: "permanent",
    what: "the server denied permission",
    remedy: "Give Godwit's user every command, key and channel on this server: +@all ~* &*.",
  },
  OOM: {
    code: "out-of-memory",
    class: "permanent",
    what: "the server's memory is full",
    remedy: "Pick a plan with more memory, or raise maxmemory on the server.",
  },
  LOADING: { code: "server-loading", class: "transient", what: "the server is still loading", remedy: RETRY },
  BUSY: { code: "server-busy", class: "transient", what: "a script keeps the server busy", remedy: RETRY },
  MISCONF: {
    code: "snapshot-failing",
    class: "permanent",
    what: "the server refuses writes, since it cannot save its data to its disk",
    remedy: "Free space on the server's disk, or correct its settings of saving.",
  },
  READONLY: {
    code: "server-is-replica",
    class: "permanent",
    what: "the server is a replica and takes no writes",
    remedy: "Name the primary server in godwit.yaml.",
  },
};

const NETWORK =
  /ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|Connection is closed|timed? ?out|Max retries|Stream isn't writeable/i;

function kindOf(error: Error): ErrorKind {
  const word = /^(?:ERR )?([A-Z]+)\b/.exec(error.message)?.[1] ?? "";
  const known = KINDS[word];
  if (known) return known;
  const code = "code" in error ? String(error.code) : "";
  if (NETWORK.test(`${code} ${error.message}`)) return LOST;
  const what = "the server answered with an error";
  return { code: "database-error", class: "permanent", what, remedy: SUPPORT };
}

/** An answer without what may hold somebody's data: the first words say what is the matter. */
function withoutData(error: Error): Error {
  return new Error(error.message.replaceAll(/["'`].*["'`]/gs, "…").slice(0, 200));
}

/** Turns whatever was thrown while doing `action` (such as `Copying orders`) into a `GodwitError`. */
export const toGodwitError = translatedBy((error) => ({ kind: kindOf(error), cause: withoutData(error) }));

/** Runs one call of the engine; an abort wins over the errors that it causes. */
export const guarded = guardedBy(toGodwitError);
