import { isUserSchema, notOfExtension } from "../sql.ts";

const RELATION = "format('%I.%I', n.nspname, c.relname)";
const USER_RELATION = `${isUserSchema("n.nspname")} AND c.relpersistence <> 't' AND ${notOfExtension("pg_class", "c.oid")}`;
const FROM_RELATION = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace";
const ROLES = `array(SELECT CASE WHEN r.rolname = $1 THEN $2 ELSE r.rolname END FROM pg_roles r
  WHERE r.oid = ANY (p.polroles) AND (r.rolname = $1 OR r.rolname = ANY ($3::text[])) ORDER BY 1)`;

/** What people define of tables, functions and types; one query per kind, on the terms of `readCatalog`. */
export const DEFINITIONS: Readonly<Record<string, string>> = {
  schema: `SELECT format('%I', n.nspname) AS name, '' AS exact, '' AS printed FROM pg_namespace n
    WHERE ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_namespace", "n.oid")}`,
  extension: `SELECT e.extname AS name, e.extnamespace::regnamespace::text AS exact, '' AS printed FROM pg_extension e`,
  relation: `SELECT ${RELATION} AS name, concat_ws(' ', c.relkind, c.relpersistence, c.reloptions::text,
      c.relispartition, c.relispopulated, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
      (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
      nullif(c.reloftype, 0)::regtype, (SELECT t.reloptions::text FROM pg_class t WHERE t.oid = c.reltoastrelid),
      (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam),
      (SELECT concat_ws(' ', w.srvname, f.ftoptions::text) FROM pg_foreign_table f JOIN pg_foreign_server w ON w.oid = f.ftserver
        WHERE f.ftrelid = c.oid)) AS exact,
    concat_ws(' ', pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
      CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END) AS printed
    ${FROM_RELATION} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND ${USER_RELATION}`,
  column: `SELECT ${RELATION} || format('.%I', a.attname) AS name,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text, a.attgenerated::text,
        a.attoptions::text, nullif(a.attstattarget, -1), l.collname, a.attstorage::text, a.attcompression::text,
        a.attfdwoptions::text) AS exact,
      coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS printed
    ${FROM_RELATION} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND ${USER_RELATION}`,
  index: `SELECT format('%I.%I', n.nspname, ic.relname) AS name, concat_ws(' ', ${RELATION}, i.indisunique, i.indisprimary,
      i.indisvalid, i.indisclustered, i.indisreplident) AS exact, pg_get_indexdef(i.indexrelid) AS printed
    ${FROM_RELATION} JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class ic ON ic.oid = i.indexrelid
    WHERE ${USER_RELATION} AND c.relkind IN ('r', 'p', 'm') AND i.indisvalid`,
  constraint: `SELECT ${RELATION} || format('.%I', o.conname) AS name,
      concat_ws(' ', o.contype::text, o.convalidated, o.condeferrable, o.condeferred) AS exact,
      pg_get_constraintdef(o.oid) AS printed
    ${FROM_RELATION} JOIN pg_constraint o ON o.conrelid = c.oid WHERE o.contype <> 'n' AND ${USER_RELATION}`,
  trigger: `SELECT ${RELATION} || format('.%I', t.tgname) AS name, t.tgenabled::text AS exact,
      pg_get_triggerdef(t.oid) AS printed
    ${FROM_RELATION} JOIN pg_trigger t ON t.tgrelid = c.oid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE ${USER_RELATION} AND p.proname !~ '^(RI_FKey_|unique_key_recheck$)'`,
  rule: `SELECT ${RELATION} || format('.%I', w.rulename) AS name, w.ev_enabled::text AS exact,
      pg_get_ruledef(w.oid) AS printed
    ${FROM_RELATION} JOIN pg_rewrite w ON w.ev_class = c.oid WHERE w.rulename <> '_RETURN' AND ${USER_RELATION}`,
  policy: `SELECT ${RELATION} || format('.%I', p.polname) AS name,
      concat_ws(' ', p.polcmd::text, p.polpermissive, ${ROLES}::text) AS exact,
      concat_ws(' / ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) AS printed
    ${FROM_RELATION} JOIN pg_policy p ON p.polrelid = c.oid
    WHERE ${USER_RELATION} AND (0 = ANY (p.polroles) OR cardinality(${ROLES}) > 0)`,
  sequence: `SELECT ${RELATION} AS name, concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax,
      s.seqmin, s.seqcache, s.seqcycle, c.relpersistence,
      (SELECT format('%s.%s', d.refobjid::regclass, a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid
        AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a')) AS exact, '' AS printed
    ${FROM_RELATION} JOIN pg_sequence s ON s.seqrelid = c.oid WHERE ${USER_RELATION}`,
  function: `SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name,
      concat_ws(' ', p.prokind, l.lanname, p.provolatile, p.proisstrict, p.prosecdef, p.proleakproof, p.proparallel,
        p.procost, p.prorows, p.proconfig::text, pg_get_function_result(p.oid), md5(p.prosrc)) AS exact,
      coalesce(pg_get_function_sqlbody(p.oid), '') || coalesce(pg_get_function_arguments(p.oid), '') AS printed
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_proc", "p.oid")}`,
  type: `SELECT format('%I.%I', n.nspname, t.typname) AS name, concat_ws(' ', t.typtype::text, t.typnotnull,
      CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
      (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
      (SELECT concat_ws(' ', r.rngsubtype::regtype, r.rngmultitypid::regtype, r.rngsubdiff::regproc, r.rngcanonical::regproc, o.opcname)
        FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc WHERE r.rngtypid = t.oid),
      (SELECT l.collname FROM pg_collation l WHERE l.oid = t.typcollation)) AS exact,
      concat_ws(' ', t.typdefault, (SELECT string_agg(pg_get_constraintdef(o.oid), ' ' ORDER BY o.conname)
        FROM pg_constraint o WHERE o.contypid = t.oid AND o.contype <> 'n')) AS printed
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('d', 'e', 'r') AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_type", "t.oid")}`,
  statistics: `SELECT format('%I.%I', n.nspname, s.stxname) AS name, coalesce(nullif(s.stxstattarget, -1)::text, '') AS exact, pg_get_statisticsobjdef(s.oid) AS printed
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${isUserSchema("n.nspname")}`,
  operator: `SELECT format('%I.%s(%s,%s)', n.nspname, o.oprname, o.oprleft::regtype, o.oprright::regtype) AS name,
      concat_ws(' ', o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge)
      AS exact, '' AS printed
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_operator", "o.oid")}`,
};
