import type pg from "pg";
import type { CatalogObject } from "./catalog-objects.ts";

interface Row {
  readonly locale: string;
  readonly comment: string | null;
}

/** How the database itself stores and sorts text, and what was said about it. */
export async function readDatabaseObjects(client: pg.Client): Promise<CatalogObject[]> {
  const { rows } = await client.query<Row>(
    `SELECT concat_ws(' ', pg_encoding_to_char(encoding), lower(replace(datcollate, '-', '')), lower(replace(datctype, '-', '')),
       coalesce(row->>'datlocprovider', 'c'), coalesce(row->>'datlocale', row->>'daticulocale'), row->>'daticurules') AS locale,
       shobj_description(d.oid, 'pg_database') AS comment
     FROM (SELECT *, to_jsonb(d) AS row FROM pg_database d WHERE datname = current_database()) d`,
  );
  return rows.flatMap(({ locale, comment }): CatalogObject[] => [
    { kind: "database", name: "locale", exact: locale, printed: "" },
    ...(comment === null
      ? []
      : [{ kind: "database comment", name: "of the database", exact: comment, printed: "" }]),
  ]);
}
