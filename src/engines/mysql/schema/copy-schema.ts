import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { readDefinerMap } from "../definers.ts";
import { asAdmin, type Session, withAdmin, withSession } from "../session.ts";
import { createPrograms } from "./create-programs.ts";
import { createSequences, createTables, emptyDatabase } from "./create-tables.ts";
import { fingerprint, readSchema, type Schema } from "./read-schema.ts";

/** Targets that are as `copySchema` left them, by the schema that they have. */
export type BareTargets = Map<string, string>;

/** Name under which a target is remembered. */
export const targetKey = ({ target }: DatabasePair): string => `${target.server.id}/${target.database}`;

/** Runs `work` in a session whose own database is the target's. */
export function inTarget<T>(
  { target }: DatabasePair,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withSession(asAdmin(target.server), { signal, database: target.database }, work);
}

/** Makes everything once as it will be in the end: what the new server does not take shows while writes are open. */
async function tryAll(pair: DatabasePair, schema: Schema, call: EngineCall): Promise<void> {
  call.report({ label: "trying the definitions on the new server" });
  await inTarget(pair, call.signal, async (session) => {
    const definers = await readDefinerMap(session, pair);
    await createSequences(session, schema);
    await createTables(session, pair, { tables: schema.tables, isBare: false });
    await createPrograms(session, schema.programs, { definers, wakingEvents: new Set() });
  });
}

/** Makes the target's tables anew, without keys and rows. */
export async function createBare(pair: DatabasePair, schema: Schema, signal: AbortSignal): Promise<void> {
  await withAdmin(pair.target.server, signal, (admin) => emptyDatabase(pair, admin, signal));
  await inTarget(pair, signal, async (session) => {
    await createSequences(session, schema);
    await createTables(session, pair, { tables: schema.tables, isBare: true });
  });
}

/** Copies the schema without the parts that would slow the copy of rows. */
export async function copySchema(pair: DatabasePair, call: EngineCall, bare: BareTargets): Promise<void> {
  const { signal } = call;
  bare.delete(targetKey(pair));
  const schema = await readSchema(pair.source, signal);
  await withAdmin(pair.target.server, signal, (admin) => emptyDatabase(pair, admin, signal));
  await tryAll(pair, schema, call);
  call.report({ label: "creating the tables" });
  await createBare(pair, schema, signal);
  bare.set(targetKey(pair), fingerprint(schema));
}
