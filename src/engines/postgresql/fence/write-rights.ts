import type pg from "pg";
import { z } from "zod";
import { isUserSchema, notOfExtension } from "../sql.ts";

/**
 * Rights to write as they were before the fence: by OID, the exact access list (null: the default one).
 * They are taken and put back by changing the catalogs' rows, which restores them to the letter, also
 * those that other roles than the owner have granted; GRANT and REVOKE cannot.
 */
export const writeRightsSchema = z.object({
  relations: z.array(z.tuple([z.number(), z.string().nullable()])),
  columns: z.array(z.tuple([z.number(), z.number(), z.string()])),
});
export type WriteRights = z.infer<typeof writeRightsSchema>;

/** What lets a role change rows of a table or draw from a sequence. */
const WRITING = "'{INSERT,UPDATE,DELETE,TRUNCATE,USAGE}'::text[]";

const RELATION_ACL =
  "coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", c.relowner))";

const WRITABLE_RELATION = `c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
  AND c.relnamespace IN (SELECT n.oid FROM pg_namespace n WHERE ${isUserSchema("n.nspname")})
  AND EXISTS (SELECT FROM aclexplode(${RELATION_ACL}) e WHERE e.privilege_type = ANY (${WRITING}))`;

const WRITABLE_COLUMN = `a.attacl IS NOT NULL AND NOT a.attisdropped
  AND a.attrelid IN (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${isUserSchema("n.nspname")})
  AND EXISTS (SELECT FROM aclexplode(a.attacl) e WHERE e.privilege_type = ANY (${WRITING}))`;

/** What of an access list does not write; null when nothing is left. */
const readingOnly = (acl: string) => `(
  SELECT array_agg(makeaclitem(e.grantee, e.grantor, e.privilege_type, e.is_grantable))
  FROM aclexplode(${acl}) e WHERE e.privilege_type <> ALL (${WRITING}))`;

/** An access list must hold something: this right changes no row, and nobody but the owner has it. */
const HARMLESS = "ARRAY[makeaclitem(c.relowner, c.relowner, 'SELECT', false)]";

/** Roles that write whatever the access lists say. */
const ABOVE_RIGHTS = `(r.rolsuper OR EXISTS (
  SELECT FROM pg_roles w WHERE w.rolname IN ('pg_write_all_data', 'pg_write_server_files')
    AND pg_has_role(r.oid, w.oid, 'MEMBER')))`;

/**
 * Whether the access lists decide. They may be changed by a superuser only; and they stop neither an
 * application above them, nor one that calls a function that runs as somebody above them.
 */
export async function canTakeWriteRights(admin: pg.Client, application: string): Promise<boolean> {
  const { rows } = await admin.query<{ decides: boolean }>(
    `SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
       AND NOT EXISTS (SELECT FROM pg_roles r WHERE ${ABOVE_RIGHTS}
         AND (r.rolname = $1 OR NOT r.rolsuper AND r.rolcanlogin
           AND has_database_privilege(r.oid, current_database(), 'CONNECT')))
       AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
         JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE p.prosecdef AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_proc", "p.oid")}
           AND ${ABOVE_RIGHTS}) AS decides`,
    [application],
  );
  return rows[0]?.decides ?? false;
}

/** Notes every right to write; touches nothing. */
export async function readWriteRights(admin: pg.Client): Promise<WriteRights> {
  const relations = await admin.query<{ oid: number; acl: string | null }>(
    `SELECT c.oid::int8::float8 AS oid, c.relacl::text AS acl FROM pg_class c WHERE ${WRITABLE_RELATION}`,
  );
  const columns = await admin.query<{ oid: number; number: number; acl: string }>(
    `SELECT a.attrelid::int8::float8 AS oid, a.attnum::int AS number, a.attacl::text AS acl
     FROM pg_attribute a WHERE ${WRITABLE_COLUMN}`,
  );
  return {
    relations: relations.rows.map(({ oid, acl }) => [oid, acl]),
    columns: columns.rows.map(({ oid, number, acl }) => [oid, number, acl]),
  };
}

/**
 * Takes every noted right to write from everyone, the owner included. Does nothing the second time. What
 * was not noted is left alone, since nobody could give it back; see `hasUnnotedRights`.
 */
export async function takeWriteRights(admin: pg.Client, { relations, columns }: WriteRights): Promise<void> {
  await admin.query(
    `UPDATE pg_catalog.pg_class c SET relacl = coalesce(${readingOnly(RELATION_ACL)}, ${HARMLESS})
     WHERE ${WRITABLE_RELATION} AND c.oid IN (SELECT noted::int8::oid FROM unnest($1::float8[]) AS noted)`,
    [relations.map(([oid]) => oid)],
  );
  await admin.query(
    `UPDATE pg_catalog.pg_attribute a SET attacl = ${readingOnly("a.attacl")}
     WHERE ${WRITABLE_COLUMN} AND (a.attrelid, a.attnum) IN (
       SELECT oid::int8::oid, number FROM unnest($1::float8[], $2::int[]) AS noted (oid, number))`,
    [columns.map(([oid]) => oid), columns.map(([, number]) => number)],
  );
}

/** Whether somebody may still write: to what was made, or by what was granted, after the rights were noted. */
export async function hasUnnotedRights(admin: pg.Client): Promise<boolean> {
  const { relations, columns } = await readWriteRights(admin);
  return relations.length + columns.length > 0;
}

/** Puts the rights back as they were noted. Does nothing to what was dropped meanwhile. */
export async function restoreWriteRights(admin: pg.Client, rights: WriteRights): Promise<void> {
  const { relations, columns } = rights;
  await admin.query(
    `UPDATE pg_catalog.pg_class c SET relacl = noted.acl::aclitem[]
     FROM unnest($1::float8[], $2::text[]) AS noted (oid, acl) WHERE c.oid = noted.oid::int8::oid`,
    [relations.map(([oid]) => oid), relations.map(([, acl]) => acl)],
  );
  await admin.query(
    `UPDATE pg_catalog.pg_attribute a SET attacl = noted.acl::aclitem[]
     FROM unnest($1::float8[], $2::int[], $3::text[]) AS noted (oid, number, acl)
     WHERE a.attrelid = noted.oid::int8::oid AND a.attnum = noted.number`,
    [columns.map(([oid]) => oid), columns.map(([, number]) => number), columns.map(([, , acl]) => acl)],
  );
}
