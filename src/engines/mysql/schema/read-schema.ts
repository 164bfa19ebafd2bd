import { createHash } from "node:crypto";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import { asAdmin, type Session, withSession } from "../session.ts";
import { qualified } from "../sql.ts";
import { type Program, readPrograms } from "./programs.ts";
import { readCreate, readTables, type Table, withoutNext } from "./tables.ts";

/** A source of numbers that is no table's; only MariaDB has them. */
export interface Sequence {
  readonly name: string;
  readonly create: string;
  /** The next number that was not handed out to anybody's cache. */
  readonly next: string;
  readonly cycles: string;
}

/** Everything of a database but its rows. */
export interface Schema {
  readonly tables: readonly Table[];
  readonly sequences: readonly Sequence[];
  readonly programs: readonly Program[];
}

async function readSequences(session: Session, database: string): Promise<Sequence[]> {
  const rows = await session.rows<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'SEQUENCE' ORDER BY TABLE_NAME`,
    [database],
  );
  const sequences: Sequence[] = [];
  for (const { name } of rows) {
    const sql = qualified(database, name);
    const [state] = await session.rows<{ next: string; cycles: string }>(
      `SELECT CAST(next_not_cached_value AS CHAR) AS next, CAST(cycle_count AS CHAR) AS cycles FROM ${sql}`,
    );
    const create = await readCreate(session, "SEQUENCE", sql);
    sequences.push({ name, create, next: state?.next ?? "1", cycles: state?.cycles ?? "0" });
  }
  return sequences;
}

/** Reads a database's schema as its administrator. */
export function readSchema({ server, database }: DatabaseAccess, signal: AbortSignal): Promise<Schema> {
  return withSession(asAdmin(server), { signal, database }, async (session) => ({
    tables: await readTables(session, database),
    sequences: await readSequences(session, database),
    programs: await readPrograms(session, database),
  }));
}

/** Hash of all definitions; the same as long as nobody changes the schema. Whether events run is the fence's business. */
export function fingerprint({ tables, sequences, programs }: Schema): string {
  const lines = [
    ...tables.map(({ create }) => withoutNext(create)),
    ...sequences.map(({ create }) => create),
    ...programs.map(({ kind, name, create, definer, mode, status: _status }) => {
      const text =
        kind === "EVENT"
          ? create.replace(/ (ENABLE|DISABLE( ON (SLAVE|REPLICA))?)(?= COMMENT | DO )/, "")
          : create;
      return JSON.stringify([kind, name, text, definer, mode]);
    }),
  ];
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
