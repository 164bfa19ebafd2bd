/** One object of a dump with its statements, as `pg_restore --verbose` prints it. */
export interface SchemaEntry {
  readonly id: number;
  /** OID on the source; 0 for what has none, such as grants. */
  readonly oid: number;
  /** Such as `TABLE`, `INDEX` or `FK CONSTRAINT`. */
  readonly type: string;
  /** For messages only: names in it are not quoted. */
  readonly label: string;
  /** Ids of the entries that must stand before. */
  readonly needs: readonly number[];
  readonly sql: string;
}

const HEADER =
  /^--\n-- TOC entry (\d+) \(class \d+ OID (\d+)\)\n(?:-- Dependencies: ([\d ]+)\n)?-- (?:Data for |Statistics for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: .*\n(?:-- [^\n]*\n)*--\n/gm;

/** Lines of the script that are meant for psql, and the comments at its end. */
function withoutPsqlLines(sql: string): string {
  return sql
    .replace(/^\\(un)?restrict \w+$/gm, "")
    .replace(/\n-- Completed on [^\n]*\n\n--\n-- PostgreSQL database dump complete\n--\n\s*$/, "\n")
    .trim();
}

/**
 * Splits a script into its entries. A text inside somebody's function could look like a header; the split
 * is then wrong and the restore fails or misses an object, but all of it runs with the rights of the new
 * owner alone, never with the administrator's.
 */
export function parseEntries(script: string): SchemaEntry[] {
  const headers = [...script.matchAll(HEADER)];
  return headers.map((header, index) => {
    const [text, id, oid, needs, name, type, schema] = header;
    const body = script.slice(header.index + text.length, headers[index + 1]?.index);
    return {
      id: Number(id),
      oid: Number(oid),
      type: type ?? "",
      label: `${(type ?? "").toLowerCase()} ${schema === "-" ? "" : `${schema}.`}${name}`,
      needs: (needs ?? "").split(" ").filter(Boolean).map(Number),
      sql: withoutPsqlLines(body),
    };
  });
}
