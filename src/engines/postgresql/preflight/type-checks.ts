import { isUserSchema, notOfExtension, qualified, quoteName } from "../sql.ts";
import { type Check, type CheckContext, findNames, nameCheck } from "./check.ts";

/** Types whose values name roles of one server, or that newer versions no longer have. */
const TIED = "{regrole,aclitem,abstime,reltime,tinterval,unknown}";
/** Types whose values name objects of the database; they travel by name. */
const NAMING =
  "{regproc,regprocedure,regoper,regoperator,regclass,regconfig,regdictionary,regnamespace,regcollation,regtype}";

interface TiedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** Of which types each type is made: a table `parts` of `part` and `whole` for a query with WITH RECURSIVE. */
export const TYPE_PARTS = `parts AS MATERIALIZED (
    SELECT typbasetype AS part, oid AS whole FROM pg_type WHERE typbasetype <> 0
    UNION ALL SELECT typelem, oid FROM pg_type WHERE typelem <> 0
    UNION ALL SELECT r.rngsubtype, w.oid FROM pg_range r CROSS JOIN LATERAL (VALUES (r.rngtypid), (r.rngmultitypid)) AS w (oid)
    UNION ALL SELECT a.atttypid, c.reltype FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.reltype <> 0 AND a.attnum > 0 AND NOT a.attisdropped)`;

/** Columns of these types, also inside domains, composites, arrays and ranges. */
const COLUMNS = `WITH RECURSIVE ${TYPE_PARTS}, tied AS (
    SELECT oid FROM pg_type WHERE typname = ANY ($1::name[]) AND oid < 16384
    UNION SELECT p.whole FROM tied JOIN parts p ON p.part = tied.oid)
  SELECT n.nspname AS schema, c.relname AS table, a.attname AS column
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN tied ON tied.oid = a.atttypid
  WHERE c.relkind = 'r' AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY n.nspname, c.relname, a.attnum`;

/** Columns that hold anything: what is empty harms nobody. */
async function filledColumns({ source }: CheckContext, types: string): Promise<string[]> {
  const { rows } = await source.query<TiedColumn>(COLUMNS, [types]);
  const filled: string[] = [];
  for (const { schema, table, column } of rows) {
    const found = await source.query(
      `SELECT FROM ONLY ${qualified(schema, table)} AS t WHERE t.${quoteName(column)} IS NOT NULL LIMIT 1`,
    );
    if (found.rowCount !== 0) filled.push(`${schema}.${table}.${column}`);
  }
  return filled;
}

const columnTypes: Check = async (context) =>
  findNames(await filledColumns(context, TIED), {
    check: "column-types",
    level: "blocker",
    summary: (names) => `Columns hold values that mean something on the old server only: ${names}.`,
    remedy: "Change these columns to text.",
  });

const namingColumns: Check = async (context) =>
  findNames(await filledColumns(context, NAMING), {
    check: "naming-columns",
    level: "warning",
    summary: (names) =>
      `Columns hold names of database objects, which must be there before the rows: ${names}.`,
    remedy: "Nothing for tables, functions and types. Change the columns to text if they name indexes.",
  });

/** A name as a word that no schema stands before. */
const UNQUALIFIED = (name: string): string =>
  `('(^|[^.[:alnum:]_$"])' || regexp_replace(${name}, '([^[:alnum:]_])', '\\\\\\1', 'g') || '($|[^[:alnum:]_$])')`;

/**
 * Functions that run while the copy is made, for an index, a constraint, a generated column or a
 * materialised view, and seem to name what they use without its schema. The copy is made with an empty
 * search path, and so is every REFRESH and REINDEX from version 17 on.
 */
const searchPath = nameCheck({
  check: "search-path",
  level: "warning",
  query: `WITH RECURSIVE used AS (
      SELECT d.refobjid AS oid FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND (
        d.classid IN ('pg_constraint'::regclass, 'pg_attrdef'::regclass)
        OR d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class i WHERE i.oid = d.objid AND i.relkind IN ('i', 'I'))
        OR d.classid = 'pg_rewrite'::regclass AND EXISTS (SELECT FROM pg_rewrite w JOIN pg_class m ON m.oid = w.ev_class
          WHERE w.oid = d.objid AND m.relkind = 'm'))
    ), bodies AS (
      SELECT p.oid, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
      WHERE p.oid IN (SELECT oid FROM used) AND l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL
        AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s LIKE 'search_path=%')
        AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_proc", "p.oid")}
    ), names AS (
      SELECT DISTINCT c.relname::text AS name, '' AS call FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${isUserSchema("n.nspname")}
      UNION SELECT p.proname::text, '[[:space:]]*[(]' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${isUserSchema("n.nspname")} AND NOT EXISTS (SELECT FROM pg_proc b
        WHERE b.proname = p.proname AND b.pronamespace = 'pg_catalog'::regnamespace))
    SELECT b.oid::regprocedure::text AS name FROM bodies b
    WHERE EXISTS (SELECT FROM names WHERE strpos(b.prosrc, names.name) > 0
      AND b.prosrc ~ CASE WHEN names.call = '' THEN ${UNQUALIFIED("names.name")}
        ELSE replace(${UNQUALIFIED("names.name")}, '($|[^[:alnum:]_$])', names.call) END)`,
  summary: (names) =>
    `Functions that indexes, constraints or materialised views use seem to name things without a schema: ${names}. The copy runs them with an empty search path.`,
  remedy: "Run ALTER FUNCTION … SET search_path = … on them, or write the schema before each name.",
});

/** Checks of columns and functions whose meaning depends on the server or the session. */
export const typeChecks: readonly Check[] = [columnTypes, namingColumns, searchPath];
