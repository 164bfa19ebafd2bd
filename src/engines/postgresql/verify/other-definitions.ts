import { isUserSchema, notOfExtension } from "../sql.ts";

const inSchema = (catalog: string, alias: string): string =>
  `${isUserSchema("n.nspname")} AND ${notOfExtension(catalog, `${alias}.oid`)}`;
const named = (column: string): string => `format('%I.%I', n.nspname, ${column})`;
const EMPTY = "'' AS printed";

/** OIDs below are the server's own. Source: src/include/access/transam.h. */
const FIRST_USER_OID = 16_384;

/** Publications that Godwit made are its own. */
const OWN_PUBLICATION = `b.pubname !~ '^godwit_' AND ${notOfExtension("pg_publication", "b.oid")}`;

/** Rows as JSON, since newer versions have more columns. */
const PUBLICATION = `SELECT format('%I', b.pubname) AS name, concat_ws(' ', b.pubinsert, b.pubupdate, b.pubdelete,
    b.pubtruncate, b.pubviaroot, coalesce(row->>'pubgencols', 'n'),
    (SELECT string_agg(r.prrelid::regclass::text, ',' ORDER BY r.prrelid::regclass::text)
      FROM pg_publication_rel r WHERE r.prpubid = b.oid)) AS exact, ${EMPTY}
  FROM (SELECT *, to_jsonb(b) AS row FROM pg_publication b) b WHERE ${OWN_PUBLICATION}`;

/** What only a superuser makes, besides published schemas. */
const IS_OUTER = `(d.classoid = 'pg_event_trigger'::regclass OR d.classoid = 'pg_publication'::regclass
  AND d.objoid IN (SELECT b.oid FROM pg_publication b WHERE b.puballtables))`;

/** Text search, sorting, casts and aggregates; one query per kind, on the terms of `readCatalog`. */
export const OTHER_DEFINITIONS: Readonly<Record<string, string>> = {
  aggregate: `SELECT p.oid::regprocedure::text AS name, concat_ws(' ', a.aggkind::text, a.aggnumdirectargs, a.aggtransfn, a.aggfinalfn,
      a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggfinalmodify::text, a.aggsortop::regoperator,
      a.aggtranstype::regtype, a.aggtransspace, quote_nullable(a.agginitval)) AS exact, ${EMPTY}
    FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${inSchema("pg_proc", "p")}`,
  cast: `SELECT format('%s as %s', k.castsource::regtype, k.casttarget::regtype) AS name,
      concat_ws(' ', k.castfunc::regprocedure, k.castcontext::text, k.castmethod::text) AS exact, ${EMPTY}
    FROM pg_cast k WHERE k.oid >= ${FIRST_USER_OID} AND ${notOfExtension("pg_cast", "k.oid")}`,
  collation: `SELECT ${named("l.collname")} AS name, concat_ws(' ', l.collprovider::text, l.collisdeterministic,
      coalesce(row->>'colllocale', row->>'colliculocale', l.collcollate), nullif(l.collctype, l.collcollate), row->>'collicurules') AS exact, ${EMPTY}
    FROM (SELECT *, to_jsonb(l) AS row FROM pg_collation l) l JOIN pg_namespace n ON n.oid = l.collnamespace
    WHERE ${inSchema("pg_collation", "l")}`,
  conversion: `SELECT ${named("v.conname")} AS name, concat_ws(' ', v.conforencoding, v.contoencoding, v.conproc, v.condefault) AS exact, ${EMPTY}
    FROM pg_conversion v JOIN pg_namespace n ON n.oid = v.connamespace WHERE ${inSchema("pg_conversion", "v")}`,
  "operator class": `SELECT format('%I.%I %s', n.nspname, o.opcname, m.amname) AS name,
      concat_ws(' ', o.opcintype::regtype, o.opcdefault, nullif(o.opckeytype, 0)::regtype,
        (SELECT string_agg(concat_ws(' ', w.amopstrategy, w.amopopr::regoperator), ',' ORDER BY w.amopstrategy, w.amopopr::regoperator::text)
          FROM pg_amop w WHERE w.amopfamily = o.opcfamily),
        (SELECT string_agg(concat_ws(' ', w.amprocnum, w.amproc::regprocedure), ',' ORDER BY w.amprocnum, w.amproc::regprocedure::text)
          FROM pg_amproc w WHERE w.amprocfamily = o.opcfamily)) AS exact, ${EMPTY}
    FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod WHERE ${inSchema("pg_opclass", "o")}`,
  "text search configuration": `SELECT ${named("g.cfgname")} AS name, g.cfgparser::int8::text AS exact,
      coalesce((SELECT string_agg(format('%s %s', t.alias, m.mapdict::regdictionary), ',' ORDER BY t.alias, m.mapseqno)
        FROM pg_ts_config_map m JOIN ts_token_type(g.cfgparser) t ON t.tokid = m.maptokentype WHERE m.mapcfg = g.oid), '') AS printed
    FROM pg_ts_config g JOIN pg_namespace n ON n.oid = g.cfgnamespace WHERE ${inSchema("pg_ts_config", "g")}`,
  "text search dictionary": `SELECT ${named("g.dictname")} AS name, concat_ws(' ', p.tmplname, g.dictinitoption) AS exact, ${EMPTY}
    FROM pg_ts_dict g JOIN pg_namespace n ON n.oid = g.dictnamespace JOIN pg_ts_template p ON p.oid = g.dicttemplate
    WHERE ${inSchema("pg_ts_dict", "g")}`,
  "foreign server": `SELECT format('%I', s.srvname) AS name, concat_ws(' ', w.fdwname, s.srvtype, s.srvversion, s.srvoptions::text) AS exact, ${EMPTY}
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw`,
  "user mapping": `SELECT format('of %s at %I', CASE WHEN m.umuser = 0 THEN 'PUBLIC' WHEN m.usename = $1 THEN $2 ELSE m.usename END, m.srvname) AS name,
      coalesce(md5(m.umoptions::text), '') AS exact, ${EMPTY}
    FROM pg_user_mappings m WHERE current_setting('is_superuser') = 'on'
      AND (m.umuser = 0 OR m.usename = $1 OR m.usename = ANY ($3::text[]))`,
  "event trigger": `SELECT format('%I', v.evtname) AS name, concat_ws(' ', v.evtevent, v.evtenabled::text, v.evttags::text,
      v.evtfoid::regprocedure) AS exact, ${EMPTY}
    FROM pg_event_trigger v WHERE ${notOfExtension("pg_event_trigger", "v.oid")}`,
  publication: `${PUBLICATION} AND NOT b.puballtables`,
  "publication of all tables": `${PUBLICATION} AND b.puballtables`,
  comment: `SELECT i.type || ' ' || i.identity AS name, d.description AS exact, ${EMPTY}
    FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    WHERE d.objoid >= ${FIRST_USER_OID} AND d.classoid <> 'pg_largeobject'::regclass AND NOT ${IS_OUTER} AND i.type IS NOT NULL
      AND i.type NOT IN ('extension', 'language', 'foreign-data wrapper', 'subscription')
      AND coalesce(i.schema, '') !~ '^pg_(toast|temp)'
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`,
  "outer comment": `SELECT i.type || ' ' || i.identity AS name, d.description AS exact, ${EMPTY}
    FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    WHERE d.objoid >= ${FIRST_USER_OID} AND ${IS_OUTER}
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`,
  "comments on": `SELECT 'large objects' AS name, concat_ws('/', count(*), sum(hash_record_extended(ROW(d.objoid, d.description), 0))) AS exact, ${EMPTY}
    FROM pg_description d WHERE d.classoid = 'pg_largeobject'::regclass HAVING count(*) > 0`,
};

/** What publications can since version 15, on the same terms. */
export const DEFINITIONS_SINCE_15: Readonly<Record<string, string>> = {
  "published rows": `SELECT format('%s of %I', r.prrelid::regclass, b.pubname) AS name,
      coalesce((SELECT string_agg(quote_ident(a.attname), ',' ORDER BY a.attname) FROM pg_attribute a
        WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), '*') AS exact,
      coalesce(pg_get_expr(r.prqual, r.prrelid), '') AS printed
    FROM pg_publication_rel r JOIN pg_publication b ON b.oid = r.prpubid
    WHERE (r.prattrs IS NOT NULL OR r.prqual IS NOT NULL) AND ${OWN_PUBLICATION}`,
  "published schema": `SELECT format('%I of %I', n.nspname, b.pubname) AS name, '' AS exact, ${EMPTY}
    FROM pg_publication_namespace s JOIN pg_publication b ON b.oid = s.pnpubid JOIN pg_namespace n ON n.oid = s.pnnspid
    WHERE ${OWN_PUBLICATION}`,
};
