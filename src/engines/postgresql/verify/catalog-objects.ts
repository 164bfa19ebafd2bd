import type pg from "pg";
import type { WriteRights } from "../fence/write-rights.ts";
import { readVersion } from "../server-version.ts";
import { DEFINITIONS } from "./definitions.ts";
import { DEFINITIONS_SINCE_15, OTHER_DEFINITIONS } from "./other-definitions.ts";
import { RIGHTS_QUERIES } from "./rights.ts";

/** An object of the catalog with its definition, in the form in which both sides can be compared. */
export interface CatalogObject {
  /** Such as `index`. */
  readonly kind: string;
  /** Unique within its kind. */
  readonly name: string;
  /** Facts that are the same on every version. */
  readonly exact: string;
  /** Text that the server prints from a parsed expression; its look changes between versions. */
  readonly printed: string;
}

/** Whose objects are read, and how roles are named. */
export interface CatalogNames {
  readonly owner: string;
  readonly shownAs: string;
  readonly knownRoles: readonly string[];
}

/** What of a database's rights is not to be read from the catalog as it stands. */
export interface RightsView {
  /** Rights that a fence has taken; null where it has taken none. */
  readonly taken: WriteRights | null;
  /** Rights that one of the two versions does not know. */
  readonly ignored: readonly string[];
}

/** Functions with a parsed body exist from this version on. */
const SQL_BODY_SINCE = 140_000;
const PUBLISHED_ROWS_SINCE = 150_000;

/**
 * In front of every query. `$1` is the owner's name, `$2` the name to show in its place, `$3` the roles
 * that both servers know, `$4` to `$8` the rights that a fence has taken, `$9` rights to leave out.
 */
const GIVEN = `WITH given AS (SELECT $1::text, $2::text, $3::text[], $9::text[]),
  taken AS (SELECT oid::int8::oid AS oid, acl::aclitem[] AS acl FROM ROWS FROM (unnest($4::float8[]), unnest($5::text[])) AS n (oid, acl)),
  taken_columns AS (SELECT oid::int8::oid AS oid, number, acl::aclitem[] AS acl
    FROM ROWS FROM (unnest($6::float8[]), unnest($7::int[]), unnest($8::text[])) AS n (oid, number, acl))`;

function parametersOf(
  { owner, shownAs, knownRoles }: CatalogNames,
  { taken, ignored }: RightsView,
): unknown[] {
  const { relations, columns } = taken ?? { relations: [], columns: [] };
  return [
    owner,
    shownAs,
    knownRoles,
    relations.map(([oid]) => oid),
    relations.map(([, acl]) => acl),
    columns.map(([oid]) => oid),
    columns.map(([, number]) => number),
    columns.map(([, , acl]) => acl),
    ignored,
  ];
}

async function readKinds(
  client: pg.Client,
  queries: Readonly<Record<string, string>>,
  parameters: readonly unknown[],
): Promise<CatalogObject[]> {
  const version = await readVersion(client);
  const objects: CatalogObject[] = [];
  for (const [kind, query] of Object.entries(queries)) {
    const body =
      version < SQL_BODY_SINCE ? query.replace(/coalesce\(pg_get_function_sqlbody.*?\|\| /, "") : query;
    const { rows } = await client.query<Omit<CatalogObject, "kind">>(`${GIVEN} ${body}`, [...parameters]);
    for (const row of rows) objects.push({ kind, ...row });
  }
  return objects;
}

/** Reads every object that people made, without those of extensions. A fence changes none of it. */
export async function readCatalog(client: pg.Client, names: CatalogNames): Promise<CatalogObject[]> {
  const newer = (await readVersion(client)) >= PUBLISHED_ROWS_SINCE ? DEFINITIONS_SINCE_15 : {};
  const queries = { ...DEFINITIONS, ...OTHER_DEFINITIONS, ...newer };
  return readKinds(client, queries, parametersOf(names, { taken: null, ignored: [] }));
}

/** Reads who owns what, and who may do what: as it was before the fence. */
export function readRights(
  client: pg.Client,
  names: CatalogNames,
  view: RightsView,
): Promise<CatalogObject[]> {
  return readKinds(client, RIGHTS_QUERIES, parametersOf(names, view));
}
