import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { readSequencesWhere, writeSequences } from "../copy/sequences.ts";
import { splice } from "../copy/splice.ts";
import { Wire } from "../copy/wire.ts";
import { listNames } from "../preflight/check.ts";
import { asAdmin, withSession } from "../session.ts";
import { columnList, readTablesWhere } from "../tables.ts";
import { type ExtensionTable, REGISTERED_OIDS, readExtensionTables } from "./extension-tables.ts";

/** Triggers, among them those of foreign keys, rest: they are the extension's, or somebody's. */
const SETTINGS = { session_replication_role: "replica" };

/** Throws `extension-data-unlike` where the target's version of an extension has no place for its rows. */
async function refuseUnlike(target: pg.Client, tables: readonly ExtensionTable[]): Promise<void> {
  const theirs = await readTablesWhere(target, `c.oid IN ${REGISTERED_OIDS}`);
  const columns = new Map(theirs.map((table) => [table.sql, new Set(table.columns.map(({ name }) => name))]));
  const unlike = tables.filter((table) => {
    const known = columns.get(table.sql);
    return known === undefined || table.columns.some(({ name }) => !known.has(name));
  });
  if (unlike.length === 0) return;
  const names = listNames(unlike.map(({ schema, name, extension }) => `${schema}.${name} of ${extension}`));
  throw new GodwitError({
    code: "extension-data-unlike",
    summary: `The new server's versions of extensions have no place for the rows of these tables of theirs: ${names}.`,
    remedy:
      "Update the extensions on the old database first, or ask support to write the rows in the new form.",
  });
}

/** What the new extension's script has written itself gives way to what is on the source. */
async function moveRows(from: Wire, to: Wire, table: ExtensionTable): Promise<void> {
  const columns = columnList(table);
  await splice(from, to, {
    out: `COPY (SELECT ${columns} FROM ONLY ${table.sql} ${table.condition}) TO STDOUT`,
    into: `DELETE FROM ONLY ${table.sql} ${table.condition}; COPY ${table.sql} (${columns}) FROM STDIN`,
  });
}

/**
 * Carries over the rows that people have written in tables of extensions, and where such sequences stand, as a dump does.
 * The administrator does it, to whom the tables belong. Throws `extension-data-unlike`. May be repeated.
 */
export async function copyExtensionData(
  { source, target }: DatabasePair,
  { signal, report }: Pick<EngineCall, "signal" | "report">,
): Promise<void> {
  const options = { name: "godwit copy", signal, settings: SETTINGS };
  const reading = { name: "godwit copy", signal };
  await withSession(asAdmin(source.server, source.database), reading, async (from) => {
    const tables = await readExtensionTables(from);
    const sequences = await readSequencesWhere(from, `c.oid IN ${REGISTERED_OIDS}`);
    if (tables.length + sequences.length === 0) return;
    report({ label: "copying rows of extensions" });
    await withSession(asAdmin(target.server, target.database), options, async (to) => {
      await refuseUnlike(to, tables);
      await writeSequences(to, sequences);
      const wires = [new Wire(from), new Wire(to)] as const;
      wires[1].onDrain(() => wires[0].resume());
      for (const table of tables) await moveRows(...wires, table);
    });
  });
}
