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

const OPTIONAL = new Set(["ACL", "DEFAULT ACL", "COMMENT", "STATISTICS DATA"]);

/** Grants and comments may concern objects of extensions, which belong to the administrator; statistics only help. */
export function isOptional(entry: SchemaEntry): boolean {
  return OPTIONAL.has(entry.type);
}

/** Whatever runs a text of statements as one transaction. */
export interface Runner {
  query(sql: string): Promise<unknown>;
}

/** How entries are restored. */
export interface RestoreOptions {
  readonly log: Log;
  /** Whether an earlier run may have restored some of them. */
  readonly mayExist?: boolean;
}

const DEADLOCK = "40P01";
const ATTEMPTS = 5;
/** Table or index, object, second primary key, index of a constraint. Source: PostgreSQL documentation, appendix A. */
const EXISTS_ALREADY = new Set(["42P07", "42710", "42P16", "55000"]);

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

async function runPatiently(runner: Runner, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return void (await runner.query(sql));
    } catch (error) {
      if (sqlState(error) !== DEADLOCK || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Restores one entry, or explains which one cannot be restored. */
async function restoreEntry(runner: Runner, entry: SchemaEntry, options: RestoreOptions): Promise<void> {
  try {
    await runPatiently(runner, entry.sql);
  } catch (error) {
    if (options.mayExist && EXISTS_ALREADY.has(sqlState(error) ?? "")) return;
    if (!isAboutObject(error)) throw error;
    if (!isOptional(entry)) throw restoreFailed(entry, error);
    options.log.warn({ object: entry.label, reason: describeError(error) }, "schema entry not carried over");
  }
}

/** Restores entries in one transaction; if one of them fails, each in its own. */
export async function restoreTogether(
  runner: Runner,
  entries: readonly SchemaEntry[],
  options: RestoreOptions,
): Promise<void> {
  const [only, ...others] = entries;
  if (only === undefined) return;
  if (others.length === 0) return restoreEntry(runner, only, options);
  try {
    // Statements sent as one text are one transaction.
    await runPatiently(runner, entries.map(({ sql }) => sql).join("\n"));
  } catch (error) {
    if (!isAboutObject(error)) throw error;
    for (const entry of entries) await restoreEntry(runner, entry, options);
  }
}

/** Restores entries in their order. */
export async function restoreEntries(
  runner: Runner,
  entries: readonly SchemaEntry[],
  options: RestoreOptions,
): Promise<void> {
  const grants = entries.filter(isOptional);
  const objects = entries.filter((entry) => !isOptional(entry));
  for (const part of [objects, grants]) {
    for (const batch of inChunks(part, BATCH)) await restoreTogether(runner, batch, options);
  }
}
