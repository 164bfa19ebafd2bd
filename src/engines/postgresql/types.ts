import type pg from "pg";

/** What the engine must know of a column's type. */
export interface TypeTraits {
  /** The binary form means the same on every server: built in, and without OIDs of the server's own. */
  readonly isBinary: boolean;
  /** The server's hash of a value is the same on every server. */
  readonly isHashable: boolean;
}

interface TypeRow {
  readonly oid: number;
  readonly name: string;
  readonly kind: "b" | "d" | "e" | "r" | "m";
  readonly base: number;
  readonly element: number;
}

/** Types by OID. */
export type Types = ReadonlyMap<number, TypeRow>;

/** OIDs below are PostgreSQL's own, the same everywhere. Source: src/include/access/transam.h. */
const FIRST_USER_OID = 16_384;

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

const HASHABLE = words(
  "bool int2 int4 int8 float4 float8 numeric text varchar bpchar char bytea date time timetz timestamp " +
    "timestamptz interval uuid jsonb inet cidr macaddr macaddr8 name oid pg_lsn int4range int8range numrange " +
    "tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange",
);
const BINARY_ONLY = words("json point lseg box path polygon line circle bit varbit tsvector money");
const NEITHER: TypeTraits = { isBinary: false, isHashable: false };

/** Reads the types that columns can have; composites are of no interest. */
export async function readTypes(client: pg.Client): Promise<Types> {
  const { rows } = await client.query<TypeRow>(
    `SELECT t.oid::int8::float8 AS oid, t.typname AS name, t.typtype AS kind, t.typbasetype::int8::float8 AS base,
       CASE WHEN t.typsubscript_name THEN t.typelem ELSE 0 END::int8::float8 AS element
     FROM (SELECT *, typlen = -1 AND typcategory = 'A' AS typsubscript_name FROM pg_type) t
     LEFT JOIN pg_type e ON e.oid = t.typelem
     WHERE t.typtype IN ('b', 'd', 'e', 'r', 'm') AND coalesce(e.typtype, 'b') <> 'c'`,
  );
  return new Map(rows.map((row) => [row.oid, row]));
}

/** Traits of a type: what is not known for certain travels and is compared as text. */
export function traitsOf(oid: number, types: Types): TypeTraits {
  const type = types.get(oid);
  if (type === undefined) return NEITHER;
  if (type.kind === "d") return traitsOf(type.base, types);
  // An enum travels by its label, but its hash is that of an OID.
  if (type.kind === "e") return { isBinary: true, isHashable: false };
  if (type.oid >= FIRST_USER_OID) return NEITHER;
  if (type.element !== 0) return traitsOf(type.element, types);
  const isHashable = HASHABLE.has(type.name);
  return { isBinary: isHashable || BINARY_ONLY.has(type.name), isHashable };
}
