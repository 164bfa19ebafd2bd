import type pg from "pg";
import { inChunks, isUserSchema, notOfExtension, qualified, quoteText } from "../sql.ts";

/** Where a sequence stands. */
export interface SequenceState {
  /** Quoted and schema-qualified. */
  readonly sql: string;
  /** A 64-bit number, as text. */
  readonly last: string;
  readonly isCalled: boolean;
}

const SEQUENCES_PER_QUERY = 200;

const OF_PEOPLE = `${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`;

async function sequenceNames(client: pg.Client, condition: string): Promise<string[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND ${condition}
     ORDER BY n.nspname, c.relname`,
  );
  return rows.map(({ schema, name }) => qualified(schema, name));
}

/** Reads where every sequence stands, identity columns' included; those of extensions are left out. */
export function readSequences(client: pg.Client): Promise<SequenceState[]> {
  return readSequencesWhere(client, OF_PEOPLE);
}

/** Reads where the sequences stand for which a condition on `pg_class c` and `pg_namespace n` is true. */
export async function readSequencesWhere(client: pg.Client, condition: string): Promise<SequenceState[]> {
  const states: SequenceState[] = [];
  for (const names of inChunks(await sequenceNames(client, condition), SEQUENCES_PER_QUERY)) {
    const selects = names.map(
      (sql) =>
        `SELECT ${quoteText(sql)} AS sql, last_value::text AS last, is_called AS "isCalled" FROM ${sql}`,
    );
    const { rows } = await client.query<SequenceState>(selects.join(" UNION ALL "));
    states.push(...rows);
  }
  return states;
}

/** Puts every sequence where it stands on the source, gaps included. */
export async function writeSequences(client: pg.Client, states: readonly SequenceState[]): Promise<void> {
  for (const chunk of inChunks(states, SEQUENCES_PER_QUERY)) {
    const calls = chunk.map(
      ({ sql, last, isCalled }) => `pg_catalog.setval(${quoteText(sql)}::regclass, ${last}, ${isCalled})`,
    );
    await client.query(calls.map((call) => `SELECT ${call}`).join(";\n"));
  }
}
