/** Quotes a name for use in a statement. Names with quotes, spaces or semicolons are safe. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a value as a string literal; right with `standard_conforming_strings` on or off. */
export function quoteText(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** Schema-qualified, quoted name. */
export function qualified(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

/** True for schemas that belong to people, not to the server. */
export function isUserSchema(column: string): string {
  return `(${column} <> 'information_schema' AND ${column} !~ '^pg_')`;
}

/** True for objects of a catalog that no extension owns. */
export function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '${catalog}'::regclass
    AND d.objid = ${oid} AND d.deptype = 'e')`;
}

/** Splits a list into lists of at most `size`. */
export function inChunks<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/** Leaves out functions that came with a type of one's own, such as the constructors of a range. */
export function notOfType(oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend t WHERE t.classid = 'pg_proc'::regclass AND t.objid = ${oid}
    AND t.refclassid = 'pg_type'::regclass AND t.deptype = 'i')`;
}
