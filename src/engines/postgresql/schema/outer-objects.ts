import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { describeError, sqlState } from "../errors.ts";
import { readVersion } from "../server-version.ts";
import { asAdmin, withSession } from "../session.ts";
import { notOfExtension, quoteName, quoteText } from "../sql.ts";
import { copyLargeObjectRights } from "./large-object-rights.ts";

const NAME = "godwit copy";

/** One object that only an administrator may make, with the statements that make it, as one transaction. */
export interface OuterObject {
  readonly label: string;
  readonly sql: string;
  /** Null for what has no owner of its own. */
  readonly ownership: Ownership | null;
}

/** Whose an object is, and how it becomes somebody's. */
interface Ownership {
  /** Owner on the source. */
  readonly owner: string;
  /** Who may own it besides superusers. */
  readonly heirs: "superusers" | "the database's owner";
  /** Statement that gives it an owner, whose name follows. */
  readonly handOver: string;
}

/** Ownership as JSON. */
export const ownership = (owner: string, heirs: Ownership["heirs"], handOver: string): string =>
  `json_build_object('owner', pg_get_userbyid(${owner}), 'heirs', ${quoteText(heirs)}, 'handOver', ${handOver})`;

/** A statement about the object behind those that make it, where there is a comment. */
export const withComment = (kind: string, name: string, comment: string): string =>
  `CASE WHEN ${comment} IS NULL THEN '' ELSE format('; COMMENT ON ${kind} %I IS %L', ${name}, ${comment}) END`;

const ACTIONS = `(SELECT string_agg(a, ', ') FROM unnest(ARRAY[
  CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
  CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END]) a)`;

/** Newer versions have more columns, so that rows are read as JSON. */
const PUBLICATIONS = `SELECT 'publication ' || p.pubname AS label,
    format('DROP PUBLICATION IF EXISTS %1$I; CREATE PUBLICATION %1$I FOR ALL TABLES WITH (publish = %2$L, publish_via_partition_root = %3$s%4$s)',
      p.pubname, coalesce(${ACTIONS}, ''), p.pubviaroot::text,
      CASE to_jsonb(p)->>'pubgencols' WHEN 's' THEN ', publish_generated_columns = stored' ELSE '' END)
    || ${withComment("PUBLICATION", "p.pubname", "obj_description(p.oid, 'pg_publication')")} AS sql,
    ${ownership("p.pubowner", "the database's owner", "format('ALTER PUBLICATION %I OWNER TO ', p.pubname)")} AS ownership
  FROM pg_publication p WHERE p.puballtables AND p.pubname !~ '^godwit_' AND ${notOfExtension("pg_publication", "p.oid")}`;

/** Schemas of publications, since version 15. */
const PUBLISHED_SCHEMAS = `SELECT format('schema %s of publication %s', n.nspname, p.pubname) AS label,
    format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I', p.pubname, n.nspname) AS sql, NULL AS ownership
  FROM pg_publication_namespace s JOIN pg_publication p ON p.oid = s.pnpubid JOIN pg_namespace n ON n.oid = s.pnnspid
  WHERE p.pubname !~ '^godwit_'`;

const DATABASE_COMMENT = `SELECT 'comment on the database' AS label, NULL AS ownership,
    format('COMMENT ON DATABASE %s IS %L', $1::text, shobj_description(d.oid, 'pg_database')) AS sql
  FROM pg_database d WHERE d.datname = current_database() AND shobj_description(d.oid, 'pg_database') IS NOT NULL`;

const HAS_PUBLISHED_SCHEMAS = 150_000;
/** A publication has the schema already. Source: PostgreSQL documentation, appendix A. */
const EXISTS_ALREADY = "42710";

/**
 * Reads what a dump carries that only an administrator may make. Written from the catalogs and never from a
 * dump's text, in which somebody's function could hide a statement: it is made with the administrator's rights.
 */
async function readOuterObjects(source: pg.Client, target: string): Promise<OuterObject[]> {
  const version = await readVersion(source);
  const schemas = version >= HAS_PUBLISHED_SCHEMAS ? [PUBLISHED_SCHEMAS] : [];
  const objects = (await source.query<OuterObject>(DATABASE_COMMENT, [quoteName(target)])).rows;
  for (const query of [PUBLICATIONS, ...schemas])
    objects.push(...(await source.query<OuterObject>(query)).rows);
  return objects;
}

async function readSuperusers(target: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await target.query<{ name: string }>(
    "SELECT rolname AS name FROM pg_roles WHERE rolsuper",
  );
  return new Set(rows.map(({ name }) => name));
}

/** For the owner that it has on the source, where that one may own it here too; otherwise it is the administrator's. */
function statementsOf(
  { sql, ownership }: OuterObject,
  { source, target }: DatabasePair,
  superusers: ReadonlySet<string>,
): string {
  if (ownership === null) return sql;
  const heir = ownership.owner === source.username ? target.username : ownership.owner;
  const isOwners = ownership.heirs === "the database's owner" && heir === target.username;
  return isOwners || superusers.has(heir) ? `${sql}; ${ownership.handOver}${quoteName(heir)}` : sql;
}

/** Makes objects as the administrator. What the target refuses is logged, since verification shows it. */
export async function makeOuterObjects(
  pair: DatabasePair,
  objects: readonly OuterObject[],
  { signal, log }: EngineCall,
): Promise<void> {
  if (objects.length === 0) return;
  const { server, database } = pair.target;
  await withSession(asAdmin(server, database), { name: NAME, signal }, async (admin) => {
    const superusers = await readSuperusers(admin);
    for (const object of objects) {
      try {
        await admin.query(statementsOf(object, pair, superusers));
      } catch (error) {
        signal.throwIfAborted();
        if (sqlState(error) === EXISTS_ALREADY) continue;
        log.warn({ object: object.label, reason: describeError(error) }, "object not carried over");
      }
    }
  });
}

/** Carries over what a restored schema lacks, but for event triggers, which must not fire before the end. */
export async function copyOuterObjects(pair: DatabasePair, call: EngineCall): Promise<void> {
  const { source, target } = pair;
  await copyLargeObjectRights(pair, call);
  const options = { name: NAME, signal: call.signal };
  const objects = await withSession(asAdmin(source.server, source.database), options, (admin) =>
    readOuterObjects(admin, target.database),
  );
  await makeOuterObjects(pair, objects, call);
}
