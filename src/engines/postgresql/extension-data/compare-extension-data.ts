import { quoteName } from "../sql.ts";
import type { Sides } from "../verify/sides.ts";
import { aggregatesOf, asText, type Content, hashOf, isSame } from "../verify/table-content.ts";
import { type ExtensionTable, readExtensionTables } from "./extension-tables.ts";

/** Rows by their text: the tables are small, and types may differ between versions of an extension. */
function contentQuery({ sql, columns, condition }: ExtensionTable): string {
  const hash = hashOf(columns.map(({ name }) => asText(`t.${quoteName(name)}`)));
  const list = columns.map(({ name }) => quoteName(name)).join(", ");
  const rows = `(SELECT ${list} FROM ONLY ${sql} ${condition}) AS t`;
  return `SELECT ${aggregatesOf(`SELECT ${hash} AS h FROM ${rows}`)}`;
}

/** Compares the rows that people have written in tables of extensions; names the tables that differ. */
export async function compareExtensionData({ source, target }: Sides): Promise<string[]> {
  const different: string[] = [];
  for (const table of await readExtensionTables(source)) {
    const query = contentQuery(table);
    const [ours, theirs] = await Promise.all([
      source.query<Content>(query),
      target.query<Content>(query).catch(() => ({ rows: [] })),
    ]);
    if (!isSame(ours.rows[0], theirs.rows[0])) different.push(`table ${table.sql} of ${table.extension}`);
  }
  return different;
}
