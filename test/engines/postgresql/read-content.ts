import { Client } from "pg";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { adminUrl } from "./database-urls.ts";

/**
 * Rows of every table, sequences and objects of a database, read in a way of its own: as text, sorted,
 * so that a mistake in the engine's own comparison shows.
 */
export async function readContent(database: DatabaseAccess): Promise<unknown> {
  const client = new Client({ connectionString: adminUrl(database), application_name: "test" });
  await client.connect();
  const column = async (sql: string): Promise<string[]> =>
    (await client.query<{ value: string }>(sql)).rows.map(({ value }) => value);
  try {
    await client.query("SET search_path = ''; SET TimeZone = UTC; SET extra_float_digits = 3");
    const tables = await column(
      `SELECT format('%I.%I', n.nspname, relname) AS value FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
       WHERE relkind IN ('r', 'm') AND relispopulated AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`,
    );
    const rows: Record<string, string[]> = {};
    for (const table of tables) {
      rows[table] = await column(
        `SELECT CASE WHEN count(*) > 1000 THEN array[count(*)::text, md5(string_agg(t::text, '|' ORDER BY t::text))]
                ELSE array_agg(t::text ORDER BY t::text) END::text AS value FROM ONLY ${table} t`,
      );
    }
    const sequences = await column(
      `SELECT format('%I.%I %s', schemaname, sequencename, last_value) AS value FROM pg_sequences ORDER BY 1`,
    );
    const objects = await column(
      `SELECT format('%s %s %s', indexrelid::regclass, indisunique, indisprimary) AS value FROM pg_index i
         JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname !~ '^pg_'
       UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
         WHERE conrelid >= 16384 AND contype <> 'n'
       UNION ALL SELECT format('%s %s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid
         WHERE proname !~ '^(RI_FKey_|unique_key_recheck$)'
       UNION ALL SELECT format('lo %s %s', m.oid, (SELECT string_agg(pageno || ':' || md5(data), ',' ORDER BY pageno) FROM pg_largeobject l WHERE l.loid = m.oid)) FROM pg_largeobject_metadata m
       UNION ALL SELECT format('%s %s', oid::regclass, obj_description(oid)) FROM pg_class
         WHERE obj_description(oid) IS NOT NULL AND relnamespace <> 11 ORDER BY 1`,
    );
    const strangers = await column(
      `SELECT relname AS value FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
         AND relowner <> (SELECT datdba FROM pg_database WHERE datname = current_database())`,
    );
    return { rows, sequences, objects, strangers };
  } finally {
    await client.end();
  }
}
