/** How MariaDB and MySQL differ, as named facts. */
export interface Flavour {
  readonly product: "MariaDB" | "MySQL";
  /** What makes a database read-only: the server itself, or rights that are taken and tables that are locked. */
  readonly fencedBy: "schema" | "rights";
  /** Table of running sessions. */
  readonly sessions: string;
  /** Oldest release series that is moved, such as `10.6`. */
  readonly oldest: string;
  /** How an account's password is set without sending it in the clear; null where the server hashes it. */
  readonly passwordHash: "mysql_native_password" | null;
  /** Hash of a value as hexadecimal digits: since 9.6 MySQL has MD5 in a component that may be missing. */
  readonly hash: (sql: string) => string;
  /** Whether JSON is a type of its own, which takes text in its own character set only. */
  readonly hasJsonType: boolean;
}

export const MARIADB: Flavour = {
  product: "MariaDB",
  fencedBy: "rights",
  sessions: "information_schema.PROCESSLIST",
  oldest: "10.6",
  passwordHash: "mysql_native_password",
  hash: (sql) => `MD5(${sql})`,
  hasJsonType: false,
};

export const MYSQL: Flavour = {
  product: "MySQL",
  fencedBy: "schema",
  sessions: "performance_schema.processlist",
  oldest: "8.0",
  passwordHash: null,
  hash: (sql) => `SHA2(${sql}, 256)`,
  hasJsonType: true,
};

/** Flavour of a server by what it says of its version: `10.11.18-MariaDB-0+deb12u1`, `9.7.4`. */
export function flavourOf(versionText: string): Flavour {
  return /mariadb/i.test(versionText) ? MARIADB : MYSQL;
}

/** Release series and full version, without what a distribution adds. */
export function splitVersion(versionText: string): { readonly series: string; readonly full: string } {
  // Up to 10.x MariaDB may greet with `5.5.5-` in front, for old replicas.
  const [full = "0.0.0"] = versionText.replace(/^5\.5\.5-/, "").match(/^\d+(\.\d+)*/) ?? [];
  return { full, series: full.split(".").slice(0, 2).join(".") };
}
