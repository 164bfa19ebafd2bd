import { isUserSchema, notOfExtension } from "../sql.ts";

const user = (catalog: string, oid: string): string =>
  `${isUserSchema("n.nspname")} AND ${notOfExtension(catalog, oid)}`;

/** Everything that has an owner and an access list of its own, rights that a fence has taken put back. */
const OWNED = `
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, c.oid::regclass::text AS object, c.relowner AS owner,
    coalesce(CASE WHEN t.oid IS NULL THEN c.relacl ELSE t.acl END, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)) AS acl
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN taken t ON t.oid = c.oid
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND ${user("pg_class", "c.oid")}
  UNION ALL SELECT 'schema', format('%I', n.nspname), n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
  FROM pg_namespace n WHERE ${user("pg_namespace", "n.oid")}
  UNION ALL SELECT 'function', p.oid::regprocedure::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${user("pg_proc", "p.oid")}
  UNION ALL SELECT 'type', y.oid::regtype::text, y.typowner, coalesce(y.typacl, acldefault('T', y.typowner))
  FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace LEFT JOIN pg_class r ON r.oid = y.typrelid
  WHERE y.typtype IN ('d', 'e', 'r', 'c') AND coalesce(r.relkind, 'c') = 'c' AND ${user("pg_type", "y.oid")}
  UNION ALL SELECT 'publication', format('%I', b.pubname), b.pubowner, NULL FROM pg_publication b
  WHERE NOT b.puballtables AND b.pubname !~ '^godwit_' AND ${notOfExtension("pg_publication", "b.oid")}`;

const COLUMNS = `
  SELECT 'column' AS kind, format('%s.%I', c.oid::regclass, a.attname) AS object, c.relowner AS owner,
    CASE WHEN t.oid IS NULL THEN a.attacl ELSE t.acl END AS acl
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN taken_columns t ON t.oid = a.attrelid AND t.number = a.attnum
  WHERE NOT a.attisdropped AND (a.attacl IS NOT NULL OR t.oid IS NOT NULL) AND ${user("pg_class", "c.oid")}`;

const FOREIGN = `
  SELECT 'foreign server' AS kind, format('%I', s.srvname) AS object, s.srvowner AS owner, s.srvacl AS acl FROM pg_foreign_server s
  UNION ALL SELECT 'foreign-data wrapper', format('%I', w.fdwname), w.fdwowner, w.fdwacl FROM pg_foreign_data_wrapper w`;

const RIGHTS = `string_agg(e.privilege_type || CASE WHEN e.is_grantable AND e.grantee <> o.owner THEN '*' ELSE '' END, ' '
  ORDER BY e.privilege_type)`;
const GRANTEE = "CASE WHEN e.grantee = 0 THEN 'PUBLIC' WHEN r.rolname = $1 THEN $2 ELSE r.rolname END";
/** Of roles that both servers know; whom the target lacks is left out, and preflight names them. */
const KNOWN = "(e.grantee = 0 OR r.rolname = ANY ($3::text[]))";
/** There may be millions of large objects, so that they are counted and hashed. */
const OBJECTS = "concat_ws('/', count(*), sum(hashoidextended(m.oid, 0)))";
const COUNTED = "e.privilege_type <> ALL ($9::text[])";

/**
 * Owners, and who may do what; one query per kind, on the terms of `readCatalog`. A copy belongs to one
 * owner, so what the owner of an object may do is compared for those that belong to the database's owner.
 */
export const RIGHTS_QUERIES: Readonly<Record<string, string>> = {
  owner: `SELECT o.kind || ' ' || o.object AS name, CASE WHEN w.rolname = $1 THEN $2 ELSE w.rolname END AS exact, '' AS printed
    FROM (${OWNED}) o JOIN pg_roles w ON w.oid = o.owner WHERE o.object <> 'public' OR o.kind <> 'schema'`,
  grant: `SELECT format('on %s %s to %s', o.kind, o.object, ${GRANTEE}) AS name, ${RIGHTS} AS exact, '' AS printed
    FROM (${OWNED} UNION ALL ${COLUMNS} UNION ALL ${FOREIGN}) o CROSS JOIN aclexplode(o.acl) e LEFT JOIN pg_roles r ON r.oid = e.grantee
    WHERE e.grantee <> o.owner AND coalesce(r.rolname <> $1, true) AND ${KNOWN} AND ${COUNTED} GROUP BY 1`,
  "owner's right": `SELECT format('on %s %s', o.kind, o.object) AS name, ${RIGHTS} AS exact, '' AS printed
    FROM (${OWNED}) o CROSS JOIN aclexplode(o.acl) e JOIN pg_roles r ON r.oid = e.grantee
    WHERE e.grantee = o.owner AND r.rolname = $1 AND ${COUNTED} GROUP BY 1`,
  "default privilege": `SELECT format('%s %s to %s', coalesce(n.nspname, '*'), o.defaclobjtype, ${GRANTEE}) AS name, ${RIGHTS} AS exact, '' AS printed
    FROM (SELECT *, defaclrole AS owner FROM pg_default_acl) o JOIN pg_roles w ON w.oid = o.defaclrole LEFT JOIN pg_namespace n ON n.oid = o.defaclnamespace
    CROSS JOIN aclexplode(o.defaclacl) e LEFT JOIN pg_roles r ON r.oid = e.grantee
    WHERE w.rolname = $1 AND (${KNOWN} OR r.rolname = $1) AND ${COUNTED} GROUP BY 1`,
  "right on large objects": `SELECT ${GRANTEE} || ' ' || e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END AS name,
      ${OBJECTS} AS exact, '' AS printed
    FROM pg_largeobject_metadata m CROSS JOIN aclexplode(m.lomacl) e LEFT JOIN pg_roles r ON r.oid = e.grantee
    WHERE e.grantee <> m.lomowner AND coalesce(r.rolname <> $1, true) AND ${KNOWN} GROUP BY 1`,
  "owner's right on large objects": `SELECT p.name || ' given up' AS name, ${OBJECTS} AS exact, '' AS printed
    FROM pg_largeobject_metadata m JOIN pg_roles w ON w.oid = m.lomowner CROSS JOIN unnest('{SELECT,UPDATE}'::text[]) AS p (name)
    WHERE m.lomacl IS NOT NULL AND w.rolname = $1
      AND NOT EXISTS (SELECT FROM aclexplode(m.lomacl) e WHERE e.grantee = m.lomowner AND e.privilege_type = p.name) GROUP BY 1`,
  "owner of": `SELECT 'large objects' AS name, string_agg(DISTINCT CASE WHEN w.rolname = $1 THEN $2 ELSE w.rolname END, ', ') AS exact, '' AS printed
    FROM pg_largeobject_metadata m JOIN pg_roles w ON w.oid = m.lomowner HAVING count(*) > 0`,
  "outer owner": `SELECT o.name, CASE w.rolname WHEN $1 THEN $2 WHEN session_user THEN '' ELSE w.rolname END AS exact, '' AS printed
    FROM (SELECT format('event trigger %I', evtname) AS name, evtowner AS owner FROM pg_event_trigger v WHERE ${notOfExtension("pg_event_trigger", "v.oid")}
      UNION ALL SELECT format('publication %I', pubname), pubowner FROM pg_publication b
      WHERE b.puballtables AND b.pubname !~ '^godwit_' AND ${notOfExtension("pg_publication", "b.oid")}
      UNION ALL SELECT format('foreign server %I', srvname), srvowner FROM pg_foreign_server) o JOIN pg_roles w ON w.oid = o.owner`,
};
