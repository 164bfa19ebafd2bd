import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../core/ports/engine.ts";
import { describeError, sqlState } from "./errors.ts";
import { mapRole, type RoleMap, readRoleMap } from "./schema/role-map.ts";
import { asAdmin, type SessionOptions, withSession } from "./session.ts";
import { SILENT_SETTINGS } from "./silent-settings.ts";
import { quoteName } from "./sql.ts";

/** Something that leads from a database to another server: the way there, who may take it, and as whom. */
export interface ForeignLink {
  /** For messages only. */
  readonly label: string;
  /** Statement up to where a role is named, and after it. It may hold a password. */
  readonly before: string;
  readonly after: string;
  /** Role on the source that the statement names; empty where it names none. */
  readonly role: string;
}

const PUBLIC = "PUBLIC";
const OPTIONS = (list: string): string => `(SELECT format(' OPTIONS (%s)', string_agg(
  format('%I %L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ' ORDER BY place))
  FROM unnest(${list}) WITH ORDINALITY AS l (o, place) HAVING count(*) > 0)`;

const SERVERS = `SELECT 'server ' || s.srvname AS label, '' AS role, '' AS after,
    format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname, ' TYPE ' || quote_literal(s.srvtype),
      ' VERSION ' || quote_literal(s.srvversion), w.fdwname, ${OPTIONS("s.srvoptions")})
    || coalesce(format('; COMMENT ON SERVER %I IS %L', s.srvname, obj_description(s.oid, 'pg_foreign_server')), '') AS before
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw ORDER BY s.oid`;

const OWNERS = `SELECT 'owner of server ' || s.srvname AS label, pg_get_userbyid(s.srvowner) AS role, '' AS after,
    format('ALTER SERVER %I OWNER TO ', s.srvname) AS before
  FROM pg_foreign_server s`;

const granted = (kind: string, name: string, acl: string, from: string): string =>
  `SELECT format('right on %s %s', '${kind.toLowerCase()}', ${name}) AS label, coalesce(r.rolname, '${PUBLIC}') AS role,
    format('GRANT USAGE ON ${kind} %I TO ', ${name}) AS before,
    CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS after
  FROM ${from} CROSS JOIN aclexplode(${acl}) e LEFT JOIN pg_roles r ON r.oid = e.grantee`;

const RIGHTS = `${granted("FOREIGN DATA WRAPPER", "w.fdwname", "w.fdwacl", "pg_foreign_data_wrapper w")} WHERE e.grantee <> w.fdwowner
  UNION ALL ${granted("FOREIGN SERVER", "s.srvname", "s.srvacl", "pg_foreign_server s")} WHERE e.grantee <> s.srvowner`;

/** Everything in the new database belongs to one owner, who may need a link that another owner's table used. */
const USED = `SELECT DISTINCT 'use of server ' || s.srvname AS label, $1::text AS role, '' AS after,
    format('GRANT USAGE ON FOREIGN SERVER %I TO ', s.srvname) AS before
  FROM pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_foreign_server s ON s.oid = f.ftserver
  WHERE pg_get_userbyid(c.relowner) <> $1`;

/** Whoever is no superuser sees no passwords, and so carries no mappings. */
const MAPPINGS = `SELECT 'user mapping at server ' || m.srvname AS label, CASE m.umuser WHEN 0 THEN '${PUBLIC}' ELSE m.usename END AS role,
    'CREATE USER MAPPING FOR ' AS before, format(' SERVER %I%s', m.srvname, ${OPTIONS("m.umoptions")}) AS after
  FROM pg_user_mappings m WHERE current_setting('is_superuser') = 'on'`;

const COLUMNS = "k.label::text, k.role::text, k.before::text, k.after::text";

/** Reads a database's links in the order in which they can be made. `owner` is the role that the database belongs to. */
export async function readForeignLinks(admin: pg.Client, owner: string): Promise<readonly ForeignLink[]> {
  const kinds = [SERVERS, OWNERS, RIGHTS, MAPPINGS, USED];
  const ordered = kinds.map((query, place) => `SELECT ${place} AS place, ${COLUMNS} FROM (${query}) k`);
  const { rows } = await admin.query<ForeignLink>(
    `SELECT label, role, before, after FROM (${ordered.join(" UNION ALL ")}) links ORDER BY place`,
    [owner],
  );
  return rows;
}

/** The link's statement on the target; null for a role that it does not have. */
function statementOf({ before, after, role }: ForeignLink, roles: RoleMap): string | null {
  if (role === "" || role === PUBLIC) return `${before}${role}${after}`;
  const mapped = mapRole(role, roles);
  return mapped === null ? null : `${before}${quoteName(mapped)}${after}`;
}

/** The server or the mapping is there already. Source: PostgreSQL documentation, appendix A. */
const EXISTS_ALREADY = "42710";

/**
 * Makes the links before the schema, whose foreign tables need them. They belong to whom they belong on the
 * source where the target has that role. What the target refuses is logged, since verification shows it.
 */
export async function makeForeignLinks(
  pair: DatabasePair,
  links: readonly ForeignLink[],
  { signal, log }: EngineCall,
): Promise<void> {
  if (links.length === 0) return;
  const { target } = pair;
  const roles = await readRoleMap(pair, signal);
  const options: SessionOptions = { name: "godwit provision", signal, settings: SILENT_SETTINGS };
  await withSession(asAdmin(target.server, target.database), options, async (admin) => {
    for (const link of links) {
      const statement = statementOf(link, roles);
      if (statement === null) continue;
      try {
        await admin.query(statement);
      } catch (error) {
        signal.throwIfAborted();
        if (sqlState(error) === EXISTS_ALREADY) continue;
        log.warn({ object: link.label, reason: describeError(error) }, "object not carried over");
      }
    }
  });
}
