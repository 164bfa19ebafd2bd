import type pg from "pg";
import { isUserSchema, qualified, quoteName } from "../sql.ts";
import { splitStatements } from "./adapt-entries.ts";
import type { SchemaEntry } from "./entries.ts";

/** Constraints of smaller tables are made in one go: two steps would cost more than they save. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** A key or a foreign key of a large table, which can be made in two steps of which the long one runs in parallel. */
interface LongConstraint {
  readonly oid: number;
  /** OID of the table that has the constraint, and its quoted name. */
  readonly tableOid: number;
  readonly table: string;
  readonly name: string;
  readonly kind: "p" | "u" | "f";
  /** Statement that makes a key's index; null for a foreign key. */
  readonly index: string | null;
  readonly timing: string;
}

/** Constraints by their OID on the source. */
export type LongConstraints = ReadonlyMap<number, LongConstraint>;

/** Reads the keys and foreign keys of plain large tables. An index alone cannot stand in for other kinds. */
export async function readLongConstraints(source: pg.Client): Promise<LongConstraints> {
  const { rows } = await source.query<LongConstraint & { readonly schema: string }>(
    `SELECT o.oid::int8::float8 AS oid, c.oid::int8::float8 AS "tableOid",
       n.nspname AS schema, c.relname AS "table", o.conname AS name, o.contype::text AS kind,
       CASE WHEN o.contype <> 'f' THEN pg_get_indexdef(o.conindid) END AS "index",
       concat(CASE WHEN o.condeferrable THEN ' DEFERRABLE' END, CASE WHEN o.condeferred THEN ' INITIALLY DEFERRED' END) AS timing
     FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_class i ON i.oid = o.conindid LEFT JOIN pg_am a ON a.oid = i.relam
     LEFT JOIN pg_class f ON f.oid = o.confrelid
     WHERE c.relkind = 'r' AND ${isUserSchema("n.nspname")} AND pg_relation_size(c.oid) >= ${LARGE_BYTES}
       AND (o.contype IN ('p', 'u') AND a.amname = 'btree'
         OR o.contype = 'f' AND o.convalidated AND o.conparentid = 0 AND f.relkind = 'r')`,
  );
  return new Map(
    rows.map(({ schema, ...row }) => [
      row.oid,
      { ...row, table: qualified(schema, row.table), name: quoteName(row.name) },
    ]),
  );
}

/** A key: its index first, beside other indexes of the table, then the constraint that takes it over. */
function splitKey(entry: SchemaEntry, key: LongConstraint): SchemaEntry[] {
  const id = -entry.id;
  const label = entry.label.replace(/^\S+/, "index");
  const index = { ...entry, id, type: "INDEX", label, sql: `${key.index};` };
  const kind = key.kind === "p" ? "PRIMARY KEY" : "UNIQUE";
  const adding = `ALTER TABLE ONLY ${key.table} ADD CONSTRAINT ${key.name} ${kind} USING INDEX ${key.name}${key.timing}`;
  const others = splitStatements(entry.sql).slice(1);
  return [index, { ...entry, needs: [...entry.needs, id], sql: statements([adding, ...others]) }];
}

/** A foreign key: first for new rows only, then proved for the old ones, which locks its own table alone. */
function splitForeignKey(entry: SchemaEntry, key: LongConstraint, table: number | undefined): SchemaEntry[] {
  const [first, ...others] = splitStatements(entry.sql);
  if (first === undefined || table === undefined || / NOT (VALID|ENFORCED)$/.test(first)) return [entry];
  const proof = {
    ...entry,
    id: -entry.id,
    type: "FK VALIDATION",
    needs: [table, entry.id],
    sql: `ALTER TABLE ONLY ${key.table} VALIDATE CONSTRAINT ${key.name};`,
  };
  return [{ ...entry, sql: statements([`${first} NOT VALID`, ...others]) }, proof];
}

const statements = (parts: readonly string[]): string => parts.map((part) => `${part};`).join("\n");

/** Cuts the constraints that take long into a step that runs beside others and one that is over at once. */
export function splitConstraints(
  entries: readonly SchemaEntry[],
  constraints: LongConstraints,
  idOf: ReadonlyMap<number, number>,
): SchemaEntry[] {
  return entries.flatMap((entry) => {
    const found = constraints.get(entry.oid);
    if (found?.kind === "f" && entry.type === "FK CONSTRAINT") {
      return splitForeignKey(entry, found, idOf.get(found.tableOid));
    }
    return found && found.kind !== "f" && entry.type === "CONSTRAINT" ? splitKey(entry, found) : [entry];
  });
}
