import type pg from "pg";
import type { WriteRights } from "../fence/write-rights.ts";
import { qualified, quoteName } from "../sql.ts";
import { mapRole, type RoleMap } from "./role-map.ts";

interface Grant {
  readonly schema: string;
  readonly relation: string;
  readonly kind: "TABLE" | "SEQUENCE";
  /** Null for a right on the whole relation. */
  readonly column: string | null;
  /** Null for PUBLIC. */
  readonly grantee: string | null;
  readonly ofOwner: boolean;
  readonly right: string;
  readonly grantable: boolean;
}

const OBJECT = `n.nspname AS schema, c.relname AS relation,
  CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind`;
const GRANTEE = `r.rolname AS grantee, coalesce(e.grantee = c.relowner, false) AS "ofOwner"`;
const KIND = `CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"`;

/** An owner with every right gets ALL: newer versions know rights that the old access list cannot name. */
const RELATION_GRANTS = `
  SELECT ${OBJECT}, NULL AS column, ${GRANTEE}, e.is_grantable AND e.grantee <> c.relowner AS grantable,
    CASE WHEN e.grantee = c.relowner AND NOT EXISTS (
      SELECT FROM aclexplode(acldefault(${KIND}, c.relowner)) d WHERE NOT EXISTS (
        SELECT FROM aclexplode(noted.acl) o WHERE o.grantee = c.relowner AND o.privilege_type = d.privilege_type))
      THEN 'ALL' ELSE e.privilege_type END AS right
  FROM (SELECT oid::int8::oid AS oid, acl::aclitem[] AS acl
        FROM ROWS FROM (unnest($1::float8[]), unnest($2::text[])) AS given (oid, acl)) given
  JOIN pg_class c ON c.oid = given.oid JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT coalesce(given.acl, acldefault(${KIND}, c.relowner)) AS acl) noted
  CROSS JOIN aclexplode(noted.acl) e LEFT JOIN pg_roles r ON r.oid = e.grantee`;

const COLUMN_GRANTS = `
  SELECT ${OBJECT}, a.attname AS column, ${GRANTEE}, e.is_grantable AS grantable, e.privilege_type AS right
  FROM ROWS FROM (unnest($1::float8[]), unnest($2::int[]), unnest($3::text[])) AS given (oid, number, acl)
  JOIN pg_class c ON c.oid = given.oid::int8::oid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = given.number
  CROSS JOIN aclexplode(given.acl::aclitem[]) e LEFT JOIN pg_roles r ON r.oid = e.grantee`;

function statementOf(grant: Grant, roles: RoleMap): string | null {
  const { schema, relation, kind, column, right, grantable } = grant;
  const role = grant.ofOwner ? roles.targetOwner : grant.grantee && mapRole(grant.grantee, roles);
  if (role === null && grant.grantee !== null) return null;
  const what = column === null ? right : `${right} (${quoteName(column)})`;
  const whom = role === null ? "PUBLIC" : quoteName(role);
  const option = grantable ? " WITH GRANT OPTION" : "";
  return `GRANT ${what} ON ${kind} ${qualified(schema, relation)} TO ${whom}${option};`;
}

/**
 * Grants as they were before the fence. A schema that is read under the fence lacks the rights to write,
 * which the fence has taken: these statements give them to the copy.
 */
export async function readFencedGrants(
  source: pg.Client,
  rights: WriteRights,
  roles: RoleMap,
): Promise<string[]> {
  const { relations, columns } = rights;
  const whole = await source.query<Grant>(RELATION_GRANTS, [
    relations.map(([oid]) => oid),
    relations.map(([, acl]) => acl),
  ]);
  const single = await source.query<Grant>(COLUMN_GRANTS, [
    columns.map(([oid]) => oid),
    columns.map(([, number]) => number),
    columns.map(([, , acl]) => acl),
  ]);
  const statements = [...whole.rows, ...single.rows].map((grant) => statementOf(grant, roles));
  return [...new Set(statements.filter((statement) => statement !== null))];
}
