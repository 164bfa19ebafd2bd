import type { DatabasePair } from "../../../core/ports/engine.ts";
import { errorNumber } from "../errors.ts";
import { createDatabase, readSourceDefaults } from "../provision.ts";
import type { Session } from "../session.ts";
import { quoteName } from "../sql.ts";
import { refused } from "./create-programs.ts";
import type { Schema } from "./read-schema.ts";
import { literally, replaceOutsideText } from "./scan.ts";
import { stagesOf, type Table } from "./tables.ts";

/** Makes the target's database anew; rights on it and its user stay. */
export async function emptyDatabase(pair: DatabasePair, admin: Session, signal: AbortSignal): Promise<void> {
  const defaults = await readSourceDefaults(pair.source, signal);
  await admin.run(`DROP DATABASE IF EXISTS ${quoteName(pair.target.database)}`);
  await createDatabase(admin, pair.target.database, defaults);
}

/** A definition in which what named the old database names the new one: defaults of MariaDB's sequences. */
export function renamed(text: string, { source, target }: DatabasePair): string {
  const old = new RegExp(literally(`${quoteName(source.database)}.`), "g");
  return replaceOutsideText(text, old, `${quoteName(target.database)}.`);
}

async function create(
  session: Session,
  { kind, name, text }: { kind: string; name: string; text: string },
): Promise<void> {
  try {
    await session.run(text);
  } catch (error) {
    throw errorNumber(error) === null ? error : refused(kind, name, error);
  }
}

/** Makes sequences, in a session whose own database is the target's. */
export async function createSequences(session: Session, schema: Schema): Promise<void> {
  for (const { name, create: text } of schema.sequences)
    await create(session, { kind: "sequence", name, text });
}

/** Makes tables as they will be in the end, or only as far as their rows need them. */
export async function createTables(
  session: Session,
  pair: DatabasePair,
  { tables, isBare }: { readonly tables: readonly Table[]; readonly isBare: boolean },
): Promise<void> {
  for (const table of tables) {
    const text = isBare ? stagesOf(table, pair.target.database).bare : table.create;
    await create(session, { kind: "table", name: table.name, text: renamed(text, pair) });
  }
}
