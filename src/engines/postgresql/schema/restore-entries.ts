import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { Log } from "../../../core/ports/log.ts";
import { describeError, sqlState } from "../errors.ts";
import { inChunks } from "../sql.ts";
import type { SchemaEntry } from "./entries.ts";

/** Entries in one transaction: many save commits, too many would fill the server's lock table. */
const BATCH = 200;

/** Settings of the sessions that restore a schema, as pg_restore's scripts have them. */
export const RESTORE_SETTINGS: Readonly<Record<string, string>> = {
  check_function_bodies: "off",
  row_security: "off",
  synchronous_commit: "off",
  default_tablespace: "",
};

/** Grants and comments may concern objects of extensions, which belong to the administrator. */
function isOptional(entry: SchemaEntry): boolean {
  return entry.type === "ACL" || entry.type === "DEFAULT ACL" || entry.type === "COMMENT";
}

function restoreFailed(entry: SchemaEntry, error: unknown): GodwitError {
  return new GodwitError({
    code: "schema-restore-failed",
    summary: `The new server cannot take over ${entry.label}: ${describeError(error)}.`,
    remedy: "Change or drop that object on the old database, then check again.",
    cause: new Error(describeError(error)),
  });
}

/** Whether an error says something about the object rather than about the connection. */
function isAboutObject(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && !/^(08|57P|53|40)/.test(state);
}

/** Restores one entry, or explains which one cannot be restored. */
export async function restoreEntry(client: pg.Client, entry: SchemaEntry, log: Log): Promise<void> {
  try {
    await client.query(entry.sql);
  } catch (error) {
    if (!isAboutObject(error)) throw error;
    if (!isOptional(entry)) throw restoreFailed(entry, error);
    log.warn({ object: entry.label, reason: describeError(error) }, "schema entry not carried over");
  }
}

async function restoreBatch(client: pg.Client, entries: readonly SchemaEntry[], log: Log): Promise<void> {
  try {
    // Statements sent as one text are one transaction.
    await client.query(entries.map(({ sql }) => sql).join("\n"));
  } catch (error) {
    if (!isAboutObject(error)) throw error;
    for (const entry of entries) await restoreEntry(client, entry, log);
  }
}

/** Restores entries in their order. */
export async function restoreEntries(
  client: pg.Client,
  entries: readonly SchemaEntry[],
  log: Log,
): Promise<void> {
  const grants = entries.filter(isOptional);
  const objects = entries.filter((entry) => !isOptional(entry));
  for (const part of [objects, grants]) {
    for (const batch of inChunks(part, BATCH)) await restoreBatch(client, batch, log);
  }
}
