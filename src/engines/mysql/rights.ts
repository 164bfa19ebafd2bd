import { z } from "zod";
import type { Session } from "./session.ts";
import { type Account, qualified, quoteAccount, quoteName } from "./sql.ts";

/** What somebody may do with a part of a database, as the server's own tables say. */
export const rightSchema = z.object({
  user: z.string(),
  /** Null: a role. */
  host: z.string().nullable(),
  /** The database as it was written in the GRANT, with or without escapes. */
  database: z.string(),
  /** Table or routine; null: the whole database. */
  object: z.string().nullable(),
  column: z.string().nullable(),
  kind: z.enum(["TABLE", "PROCEDURE", "FUNCTION", "PACKAGE", "PACKAGE BODY"]),
  privileges: z.array(z.string()),
});
export type Right = z.infer<typeof rightSchema>;

/** Rights with which nothing can be written; routines are looked at by what they run as. */
const READING = new Set([
  "SELECT",
  "SHOW VIEW",
  "EXECUTE",
  "CREATE TEMPORARY TABLES",
  "SHOW CREATE ROUTINE",
  "GRANT OPTION",
]);

const SPELLED: Readonly<Record<string, string>> = {
  GRANT: "GRANT OPTION",
  "CREATE TMP TABLE": "CREATE TEMPORARY TABLES",
  "DELETE VERSIONING ROWS": "DELETE HISTORY",
};

function privilege(written: string): string {
  const name = written
    .replace(/_priv$/, "")
    .replaceAll("_", " ")
    .toUpperCase();
  return SPELLED[name] ?? name;
}

const fromSet = (set: string): string[] => (set === "" ? [] : set.split(",").map(privilege));

type Row = Readonly<Record<string, string>>;

function fromRow(row: Row): Pick<Right, "user" | "host" | "database"> {
  const host = row["Host"] ?? "";
  return { user: row["User"] ?? "", host: host === "" ? null : host, database: row["Db"] ?? "" };
}

function ofDatabase(row: Row): Right {
  const held = Object.entries(row).filter(([name, value]) => name.endsWith("_priv") && value === "Y");
  const privileges = held.map(([name]) => privilege(name));
  return { ...fromRow(row), object: null, column: null, kind: "TABLE", privileges };
}

const QUERIES: readonly (readonly [string, (row: Row) => Right])[] = [
  ["SELECT * FROM mysql.db", ofDatabase],
  [
    "SELECT Host, Db, User, Table_name, Table_priv FROM mysql.tables_priv",
    (row) => ({
      ...fromRow(row),
      ...tableOf(row),
      column: null,
      privileges: fromSet(row["Table_priv"] ?? ""),
    }),
  ],
  [
    "SELECT Host, Db, User, Table_name, Column_name, Column_priv FROM mysql.columns_priv",
    (row) => ({
      ...fromRow(row),
      ...tableOf(row),
      column: row["Column_name"] ?? "",
      privileges: fromSet(row["Column_priv"] ?? ""),
    }),
  ],
  [
    "SELECT Host, Db, User, Routine_name, Routine_type, Proc_priv FROM mysql.procs_priv",
    (row) => ({
      ...fromRow(row),
      object: row["Routine_name"] ?? "",
      column: null,
      kind: row["Routine_type"] as Right["kind"],
      privileges: fromSet(row["Proc_priv"] ?? ""),
    }),
  ],
];

function tableOf(row: Row): Pick<Right, "object" | "kind"> {
  return { object: row["Table_name"] ?? "", kind: "TABLE" };
}

/** Whether a GRANT's database is this one, and no pattern that other databases may match too. */
export function isExactly(written: string, database: string): boolean {
  return written === database || written.replaceAll(/\\(.)/gs, "$1") === database;
}

/** Everything that was granted on a database and what is in it, to whomever. */
export async function readRights(admin: Session, database: string): Promise<Right[]> {
  const all: Right[] = [];
  for (const [query, read] of QUERIES) all.push(...(await admin.rows<Row>(query)).map(read));
  return all.filter((right) => isExactly(right.database, database) && right.privileges.length > 0);
}

/** Patterns of several databases that a database matches, with whom they were granted to. */
export async function readPatterns(admin: Session, database: string): Promise<Right[]> {
  const rows = await admin.rows<Row>("SELECT * FROM mysql.db WHERE ? LIKE Db", [database]);
  return rows.map(ofDatabase).filter((right) => !isExactly(right.database, database));
}

/** The part of the rights with which something could be written. */
export function writing(rights: readonly Right[], options: { readonly withExecute: boolean }): Right[] {
  const writes = (name: string): boolean => !READING.has(name) || (options.withExecute && name === "EXECUTE");
  return rights
    .map((right) => ({ ...right, privileges: right.privileges.filter(writes) }))
    .filter(({ privileges }) => privileges.length > 0);
}

function scopeOf({ database, object, kind }: Right): string {
  if (object === null) return `${quoteName(database)}.*`;
  return `${kind} ${qualified(database, object)}`;
}

function clausesOf({ privileges, column }: Right): string {
  return privileges.map((name) => (column === null ? name : `${name} (${quoteName(column)})`)).join(", ");
}

export function revokeStatement(right: Right): string {
  return `REVOKE ${clausesOf(right)} ON ${scopeOf(right)} FROM ${quoteAccount(right)}`;
}

export function grantStatement(right: Right): string {
  return `GRANT ${clausesOf(right)} ON ${scopeOf(right)} TO ${quoteAccount(right)}`;
}

/** Accounts that may write to every database of the server, besides the server's own. */
export async function readAboveRights(admin: Session): Promise<Account[]> {
  const rows = await admin.rows<Row>("SELECT * FROM mysql.user");
  const writes = [
    "Insert_priv",
    "Update_priv",
    "Delete_priv",
    "Create_priv",
    "Drop_priv",
    "Alter_priv",
    "Super_priv",
  ];
  return rows
    .filter((row) => writes.some((name) => row[name] === "Y"))
    .map((row) => ({ user: row["User"] ?? row["user"] ?? "", host: row["Host"] ?? row["host"] ?? "" }))
    .filter(({ user }) => !user.startsWith("mysql.") && user !== "mariadb.sys")
    .map(({ user, host }) => ({ user, host: host === "" ? null : host }));
}
