import type pg from "pg";
import { readLocale } from "../create-database.ts";
import { sqlState } from "../errors.ts";
import { isUserSchema, notOfExtension } from "../sql.ts";
import { type Check, type CheckContext, findNames, isSince, listNames } from "./check.ts";

const INVALID_VALUE = "22023";
const normal = (name: string): string => name.toLowerCase().replaceAll("-", "");

const encoding: Check = async ({ source, input }) => {
  const locale = await readLocale(source, input.source.database);
  if (locale.encoding !== "SQL_ASCII") return [];
  const summary = "The database has no encoding (SQL_ASCII): its text is copied byte by byte, unchecked.";
  const remedy = "Nothing now. A database with an encoding can only be made by converting the text.";
  return [{ check: "encoding", level: "warning", summary, remedy }];
};

/** Whether the server's machine has a locale: setting one is refused when it has not. */
async function hasLocale(target: pg.Client, name: string): Promise<boolean> {
  try {
    await target.query("BEGIN");
    await target.query("SELECT set_config('lc_monetary', $1, true)", [name]);
    return true;
  } catch (error) {
    if (sqlState(error) !== INVALID_VALUE) throw error;
    return false;
  } finally {
    await target.query("ROLLBACK");
  }
}

async function missingProvider(
  { target, targetVersion }: CheckContext,
  provider: string,
): Promise<string | null> {
  if (provider === "builtin") return isSince(targetVersion, 17) ? null : "builtin";
  const { rowCount } = await target.query("SELECT FROM pg_collation WHERE collprovider = 'i' LIMIT 1");
  return provider === "icu" && rowCount === 0 ? "ICU" : null;
}

const locale: Check = async (context) => {
  const { collate, ctype, provider } = await readLocale(context.source, context.input.source.database);
  const missing: string[] = [];
  for (const name of new Set([collate, ctype])) {
    if (!["c", "posix"].includes(normal(name)) && !(await hasLocale(context.target, name)))
      missing.push(name);
  }
  const lacking = await missingProvider(context, provider);
  if (lacking !== null) missing.push(lacking);
  return findNames(missing, {
    check: "locale",
    level: "blocker",
    summary: (names) => `The new server does not have the database's locale: ${names}.`,
    remedy: "Pick another server, or ask support to install the locale.",
  });
};

interface UsedCollation {
  readonly name: string;
  readonly provider: string;
  readonly stored: string | null;
  readonly actual: string | null;
}

/** Collations of the server's own, besides the default one, that columns, indexes or types use. */
async function readUsedCollations(source: pg.Client): Promise<UsedCollation[]> {
  const { rows } = await source.query<UsedCollation>(
    `WITH used AS (
       SELECT a.attcollation AS oid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE a.attcollation <> 0 AND NOT a.attisdropped AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}
       UNION SELECT unnest(i.indcollation::oid[]) FROM pg_index i WHERE i.indexrelid >= 16384
       UNION SELECT t.typcollation FROM pg_type t WHERE t.oid >= 16384 AND t.typcollation <> 0)
     SELECT l.collname AS name, l.collprovider::text AS provider, l.collversion AS stored, pg_collation_actual_version(l.oid) AS actual
     FROM used JOIN pg_collation l USING (oid) WHERE l.collprovider <> 'd' AND l.collname NOT IN ('C', 'POSIX')
       AND l.collnamespace = 'pg_catalog'::regnamespace`,
  );
  return rows;
}

const collations: Check = async ({ source, target }) => {
  const used = await readUsedCollations(source);
  const { rows } = await target.query<{ name: string }>(
    "SELECT collname AS name FROM pg_collation WHERE collname = ANY ($1::name[]) AND collnamespace = 'pg_catalog'::regnamespace",
    [used.map(({ name }) => name)],
  );
  const offered = new Set(rows.map(({ name }) => name));
  const missing = used.filter(({ name }) => !offered.has(name)).map(({ name }) => name);
  const stale = used.filter(({ stored, actual }) => stored !== null && actual !== null && stored !== actual);
  return [
    ...findNames(missing, {
      check: "collations",
      level: "blocker",
      summary: (names) => `The new server does not have these collations: ${names}.`,
      remedy: "Pick another server, or ask support to import its collations.",
    }),
    ...findNames(
      stale.map(({ name }) => name),
      {
        check: "collation-versions",
        level: "warning",
        summary: (names) =>
          `The old server's sorting has changed since these collations were used: ${names}. Its indexes may be wrong; the new ones are built anew.`,
        remedy: "If a unique index cannot be built on the new server, remove the rows that it names.",
      },
    ),
  ];
};

/** Version of the library that sorts by a locale on a server; null for C and where it is unknown. */
async function sortVersion(
  client: pg.Client,
  { provider, locale, collate }: { provider: string; locale: string | null; collate: string },
): Promise<string | null> {
  const letter = provider === "icu" ? "i" : "c";
  const { rows } = await client.query<{ version: string | null }>(
    `SELECT pg_collation_actual_version(l.oid) AS version FROM pg_collation l
     WHERE l.collprovider = $1 AND pg_collation_actual_version(l.oid) IS NOT NULL
     ORDER BY coalesce(to_jsonb(l)->>'colllocale', to_jsonb(l)->>'colliculocale', l.collcollate) = $2 DESC, l.collname LIMIT 1`,
    [letter, locale ?? collate],
  );
  return rows[0]?.version ?? null;
}

const sortOrder: Check = async ({ source, target, input }) => {
  const stored = await readLocale(source, input.source.database);
  const isPlain = ["c", "posix", "c.utf8"].includes(normal(stored.collate));
  if (stored.provider === "builtin" || (stored.provider === "libc" && isPlain)) return [];
  const [ours, theirs] = await Promise.all([sortVersion(source, stored), sortVersion(target, stored)]);
  if (ours === null || theirs === null || ours === theirs) return [];
  const { rows } = await source.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
     WHERE p.partstrat = 'r' AND EXISTS (SELECT FROM unnest(p.partcollation::oid[]) AS used WHERE used <> 0)`,
  );
  const about = `Text may sort in another order on the new server (${ours} there was, ${theirs} there is).`;
  if (rows.length === 0) return [{ check: "sort-order", level: "info", summary: about }];
  const names = listNames(rows.map(({ name }) => name));
  const summary = `${about} Rows at the bounds of partitions by text may be refused: ${names}.`;
  const remedy = 'Partition by a column with COLLATE "C", or check the bounds.';
  return [{ check: "sort-order", level: "warning", summary, remedy }];
};

/** Checks of how text is stored and sorted. */
export const localeChecks: readonly Check[] = [encoding, locale, collations, sortOrder];
