import { type ErrorKind, guardedBy, LOST, RETRY, SUPPORT, translatedBy } from "../guarded.ts";

/** An error of the server without the parts that may hold somebody's data. */
class ServerError extends Error {
  constructor(number: number, message: string) {
    super(`${number}: ${message}`);
    this.name = "ServerError";
  }
}

const LOGIN: ErrorKind = {
  code: "login-refused",
  class: "permanent",
  what: "the server refused the login",
  remedy: "Check the user and the password that Godwit was given for this server.",
};
const MISSING: ErrorKind = {
  code: "database-missing",
  class: "permanent",
  what: "the database does not exist",
  remedy: "Check the name of the database.",
};
const DENIED: ErrorKind = {
  code: "permission-denied",
  class: "permanent",
  what: "the server denied permission",
  remedy: "Give Godwit's administrator all rights on this server, with GRANT OPTION.",
};
const DISK: ErrorKind = {
  code: "disk-full",
  class: "permanent",
  what: "the server's disk is full",
  remedy: "Pick a plan with more disk, or free space on the server.",
};
const FULL: ErrorKind = {
  code: "too-many-connections",
  class: "transient",
  what: "the server has no connection left",
  remedy: RETRY,
};
const CONFLICT: ErrorKind = {
  code: "conflict",
  class: "transient",
  what: "another session was in the way",
  remedy: RETRY,
};
const PACKET: ErrorKind = {
  code: "packet-too-large",
  class: "permanent",
  what: "a value is larger than the server takes",
  remedy: "Raise max_allowed_packet on the new server.",
};

/** By the server's error numbers. Source: MySQL error reference; MariaDB error codes. */
const KINDS: ReadonlyMap<number, ErrorKind> = new Map([
  ...[1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1927].map((code) => [code, LOST] as const),
  ...[1045, 1698, 1862, 3118, 4151].map((code) => [code, LOGIN] as const),
  [1049, MISSING],
  ...[1044, 1142, 1143, 1227, 1370, 1410].map((code) => [code, DENIED] as const),
  ...[1021, 1114, 3675].map((code) => [code, DISK] as const),
  ...[1040, 1203, 1226].map((code) => [code, FULL] as const),
  ...[1205, 1213, 1317, 3101].map((code) => [code, CONFLICT] as const),
  [1153, PACKET],
]);

/** Messages of these quote values of rows. */
const QUOTES_DATA = new Set([1062, 1264, 1265, 1292, 1366, 1406, 1525, 3140, 3141, 4025]);

const NETWORK = /ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|PROTOCOL_|closed state|destroyed/i;

/** The server's error number, or null when an error does not come from a server. */
export function errorNumber(error: unknown): number | null {
  const number = error instanceof Error && "errno" in error ? error.errno : null;
  return typeof number === "number" && number >= 1000 ? number : null;
}

function kindOf(error: Error, number: number | null): ErrorKind {
  if (number !== null) {
    const what = `the server answered with error ${number}`;
    return KINDS.get(number) ?? { code: "database-error", class: "permanent", what, remedy: SUPPORT };
  }
  const code = "code" in error ? String(error.code) : "";
  if (NETWORK.test(`${code} ${error.message}`)) return LOST;
  return { code: "engine-error", class: "permanent", what: "something unexpected happened", remedy: SUPPORT };
}

function withoutData(error: Error, number: number | null): Error {
  if (number === null) return new Error(error.message);
  return new ServerError(number, QUOTES_DATA.has(number) ? "a value was refused" : error.message);
}

/** The server's answer to one statement, in words safe to log. */
export function describeError(error: unknown): string {
  const known = error instanceof Error ? error : new Error(String(error));
  return withoutData(known, errorNumber(known)).message;
}

/** Runs one call of the engine; an abort wins over the errors that it causes. */
export const guarded = guardedBy(
  translatedBy((error) => {
    const number = errorNumber(error);
    return { kind: kindOf(error, number), cause: withoutData(error, number) };
  }),
);
