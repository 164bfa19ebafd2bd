import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { inChunks, quoteName, quoteText } from "../sql.ts";
import { mapRole, type RoleMap, readRoleMap } from "./role-map.ts";

const NAME = "godwit copy";
const OBJECTS_PER_STATEMENT = 500;

/** One right of one role on many large objects. */
interface Right {
  readonly right: string;
  readonly grantable: boolean;
  /** Null for PUBLIC. */
  readonly grantee: string | null;
  readonly oids: readonly string[];
}

interface Comment {
  readonly oid: string;
  readonly text: string;
}

const GRANTED = `SELECT a.privilege_type AS right, a.is_grantable AS grantable, r.rolname AS grantee, array_agg(m.oid::text ORDER BY m.oid) AS oids
  FROM pg_largeobject_metadata m CROSS JOIN aclexplode(m.lomacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
  WHERE a.grantee <> m.lomowner GROUP BY 1, 2, 3`;

/** Rights that the database's owner has taken from itself. */
const GIVEN_UP = `SELECT w.right, false AS grantable, r.rolname AS grantee, array_agg(m.oid::text ORDER BY m.oid) AS oids
  FROM pg_largeobject_metadata m JOIN pg_roles r ON r.oid = m.lomowner CROSS JOIN unnest('{SELECT,UPDATE}'::text[]) AS w ("right")
  WHERE m.lomacl IS NOT NULL AND r.rolname = $1
    AND NOT EXISTS (SELECT FROM aclexplode(m.lomacl) a WHERE a.grantee = m.lomowner AND a.privilege_type = w.right)
  GROUP BY 1, 2, 3`;

const COMMENTS = `SELECT d.objoid::text AS oid, d.description AS text
  FROM pg_description d WHERE d.classoid = 'pg_largeobject'::regclass ORDER BY d.objoid`;

interface Found {
  readonly granted: readonly Right[];
  readonly givenUp: readonly Right[];
  readonly comments: readonly Comment[];
}

async function readRights(source: pg.Client, owner: string): Promise<Found> {
  return {
    granted: (await source.query<Right>(GRANTED)).rows,
    givenUp: (await source.query<Right>(GIVEN_UP, [owner])).rows,
    comments: (await source.query<Comment>(COMMENTS)).rows,
  };
}

function onObjects(oids: readonly string[], statement: (list: string) => string): string[] {
  return inChunks(oids, OBJECTS_PER_STATEMENT).map((chunk) =>
    statement(`ON LARGE OBJECT ${chunk.join(", ")}`),
  );
}

const nameOf = (grantee: string | null): string => (grantee === null ? "PUBLIC" : quoteName(grantee));

function grantsOf({ right, grantable, grantee, oids }: Right, roles: RoleMap): string[] {
  const role = grantee === null ? null : mapRole(grantee, roles);
  const isNobody = grantee !== null && role === null;
  // What others own belongs to the application on the new server, with every right.
  if (isNobody || role === roles.targetOwner) return [];
  const option = grantable ? " WITH GRANT OPTION" : "";
  return onObjects(oids, (list) => `GRANT ${right} ${list} TO ${nameOf(role)}${option}`);
}

/** What default privileges have given away when the large objects were made. */
async function readFromDefaults(target: pg.Client): Promise<string[]> {
  const { rows } = await target.query<Right>(GRANTED);
  return rows.flatMap(({ right, grantee, oids }) =>
    onObjects(oids, (list) => `REVOKE ${right} ${list} FROM ${nameOf(grantee)}`),
  );
}

async function hasLargeObjects(source: pg.Client): Promise<boolean> {
  const { rowCount } = await source.query("SELECT FROM pg_largeobject_metadata LIMIT 1");
  return rowCount === 1;
}

/** Carries over who may do what with large objects, and what is said about them, with the owner's rights. */
export async function copyLargeObjectRights(pair: DatabasePair, { signal }: EngineCall): Promise<void> {
  const { source, target } = pair;
  const options = { name: NAME, signal };
  const rights = await withSession(asAdmin(source.server, source.database), options, async (admin) =>
    (await hasLargeObjects(admin)) ? readRights(admin, source.username) : null,
  );
  if (rights === null) return;
  const { granted, givenUp, comments } = rights;
  const roles = await readRoleMap(pair, signal);
  await withSession(asOwner(target), options, async (owner) => {
    const statements = [
      ...(await readFromDefaults(owner)),
      ...granted.flatMap((right) => grantsOf(right, roles)),
      ...givenUp.flatMap(({ right, oids }) =>
        onObjects(oids, (list) => `REVOKE ${right} ${list} FROM CURRENT_USER`),
      ),
      ...inChunks(comments, OBJECTS_PER_STATEMENT).map((chunk) =>
        chunk.map(({ oid, text }) => `COMMENT ON LARGE OBJECT ${oid} IS ${quoteText(text)}`).join("; "),
      ),
    ];
    for (const statement of statements) await owner.query(statement);
  });
}
