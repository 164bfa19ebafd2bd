import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { describeError } from "../errors.ts";
import { asAdmin, withSession } from "../session.ts";
import { isUserSchema, notOfExtension, quoteName } from "../sql.ts";
import { mapRole, type RoleMap } from "./adapt-entries.ts";
import { readRoleMap } from "./copy-schema.ts";

const NAME = "godwit copy";

/** One object that only an administrator may make, with the statement that makes it. */
interface OuterObject {
  readonly label: string;
  readonly sql: string;
}

const ENABLED = `CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END`;
const COMMENT = (kind: string, name: string, comment: string): string =>
  `CASE WHEN ${comment} IS NULL THEN '' ELSE format('; COMMENT ON ${kind} %I IS %L', ${name}, ${comment}) END`;

/** Row of a publication as JSON, since newer versions have more columns. */
const ACTIONS = `(SELECT string_agg(a, ', ') FROM unnest(ARRAY[
  CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
  CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END]) a)`;

/**
 * Written from the catalogs and never from a dump's text, in which somebody's function could hide a
 * statement: what is made here is made with the administrator's rights.
 */
const QUERIES: readonly string[] = [
  `SELECT 'publication ' || p.pubname AS label,
     format('CREATE PUBLICATION %I FOR ALL TABLES WITH (publish = %L, publish_via_partition_root = %s%s)', p.pubname, ${ACTIONS},
       p.pubviaroot, CASE to_jsonb(p)->>'pubgencols' WHEN 's' THEN ', publish_generated_columns = stored' ELSE '' END)
     || ${COMMENT("PUBLICATION", "p.pubname", "obj_description(p.oid, 'pg_publication')")} AS sql
   FROM pg_publication p WHERE p.puballtables AND p.pubname !~ '^godwit_' AND ${notOfExtension("pg_publication", "p.oid")}`,
  `SELECT 'comment on the database' AS label, format('COMMENT ON DATABASE %s IS %L', $1::text, shobj_description(d.oid, 'pg_database')) AS sql
   FROM pg_database d WHERE d.datname = current_database() AND shobj_description(d.oid, 'pg_database') IS NOT NULL`,
  `SELECT 'comment on large object ' || d.objoid AS label, format('COMMENT ON LARGE OBJECT %s IS %L', d.objoid, d.description) AS sql
   FROM pg_description d WHERE d.classoid = 'pg_largeobject'::regclass AND $1::text IS NOT NULL ORDER BY d.objoid`,
  `SELECT 'event trigger ' || e.evtname AS label,
     format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %I.%I(); ALTER EVENT TRIGGER %I %s', e.evtname, e.evtevent,
       (SELECT format(' WHEN TAG IN (%s)', string_agg(quote_literal(t), ', ')) FROM unnest(e.evttags) t HAVING count(*) > 0),
       n.nspname, f.proname, e.evtname, ${ENABLED})
     || ${COMMENT("EVENT TRIGGER", "e.evtname", "obj_description(e.oid, 'pg_event_trigger')")} AS sql
   FROM pg_event_trigger e JOIN pg_proc f ON f.oid = e.evtfoid JOIN pg_namespace n ON n.oid = f.pronamespace
   WHERE $1::text IS NOT NULL AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_event_trigger", "e.oid")} ORDER BY e.evtname`,
];

/** Schemas of publications, since version 15. */
const PUBLISHED_SCHEMAS = `SELECT 'publication ' || p.pubname AS label,
    format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I', p.pubname, n.nspname) AS sql
  FROM pg_publication_namespace s JOIN pg_publication p ON p.oid = s.pnpubid JOIN pg_namespace n ON n.oid = s.pnnspid
  WHERE p.pubname !~ '^godwit_' AND $1::text IS NOT NULL`;

interface LargeObjectGrant {
  readonly oid: string;
  readonly right: string;
  readonly grantable: boolean;
  /** Null for PUBLIC. */
  readonly grantee: string | null;
}

const LARGE_OBJECT_GRANTS = `SELECT m.oid::text AS oid, a.privilege_type AS right, a.is_grantable AS grantable, r.rolname AS grantee
  FROM pg_largeobject_metadata m CROSS JOIN aclexplode(m.lomacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
  WHERE a.grantee <> m.lomowner ORDER BY m.oid`;

function grantOf({ oid, right, grantable, grantee }: LargeObjectGrant, roles: RoleMap): OuterObject | null {
  const role = grantee === null ? null : mapRole(grantee, roles);
  if (grantee !== null && role === null) return null;
  const whom = role === null ? "PUBLIC" : quoteName(role);
  const option = grantable ? " WITH GRANT OPTION" : "";
  return {
    label: `a grant on large object ${oid}`,
    sql: `GRANT ${right} ON LARGE OBJECT ${oid} TO ${whom}${option}`,
  };
}

/** Reads what a dump carries that only an administrator may make: event triggers last, so that none fires on the others. */
async function readOuterObjects(source: pg.Client, target: string, roles: RoleMap): Promise<OuterObject[]> {
  const version = Number((await source.query("SHOW server_version_num")).rows[0].server_version_num);
  const grants = (await source.query<LargeObjectGrant>(LARGE_OBJECT_GRANTS)).rows.map((grant) =>
    grantOf(grant, roles),
  );
  const objects = grants.filter((grant) => grant !== null);
  for (const query of [...(version >= 150_000 ? [PUBLISHED_SCHEMAS] : []), ...QUERIES]) {
    const parameters = query.includes("$1") ? [quoteName(target)] : [];
    objects.push(...(await source.query<OuterObject>(query, parameters)).rows);
  }
  return objects;
}

/** Carries over what the owner may not make itself. What the target refuses is logged, since verification shows it. */
export async function copyOuterObjects(pair: DatabasePair, call: EngineCall): Promise<void> {
  const { source, target } = pair;
  const options = { name: NAME, signal: call.signal };
  const roles = await readRoleMap(pair, call.signal);
  const objects = await withSession(asAdmin(source.server, source.database), options, (admin) =>
    readOuterObjects(admin, target.database, roles),
  );
  if (objects.length === 0) return;
  await withSession(asAdmin(target.server, target.database), options, async (admin) => {
    for (const { label, sql } of objects) {
      try {
        await admin.query(sql);
      } catch (error) {
        call.signal.throwIfAborted();
        call.log.warn({ object: label, reason: describeError(error) }, "object not carried over");
      }
    }
  });
}
