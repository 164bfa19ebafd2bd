import type pg from "pg";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { Proof } from "../../../core/proof.ts";
import { readSequences } from "../copy/sequences.ts";
import { readRoleMap } from "../schema/copy-schema.ts";
import { asAdmin, withSession } from "../session.ts";
import { readTables } from "../tables.ts";
import { type CatalogNames, readCatalog } from "./catalog-objects.ts";
import { compareCatalogs } from "./compare-catalogs.ts";
import { compareTables } from "./compare-tables.ts";
import { largeObjectsDiffer, readLargeObjects } from "./large-object-content.ts";

const NAME = "godwit verify";
const NAMES_SHOWN = 8;

function readSide(client: pg.Client, names: CatalogNames) {
  return async () => ({
    tables: await readTables(client),
    sequences: await readSequences(client),
    objects: await readCatalog(client, names),
    largeObjects: await readLargeObjects(client),
    version: Number((await client.query("SHOW server_version_num")).rows[0].server_version_num),
    bytes: Number((await client.query("SELECT pg_database_size(current_database()) AS b")).rows[0].b),
  });
}

type Side = Awaited<ReturnType<ReturnType<typeof readSide>>>;

function readBoth(pair: DatabasePair, names: readonly string[], signal: AbortSignal): Promise<Side[]> {
  const owners = { source: pair.source.username, target: pair.target.username };
  const read = (side: "source" | "target"): Promise<Side> => {
    const login = asAdmin(pair[side].server, pair[side].database);
    return withSession(login, { name: NAME, signal }, (client) =>
      readSide(client, { owner: owners[side], shownAs: owners.target, knownRoles: names })(),
    );
  };
  return Promise.all([read("source"), read("target")]);
}

/** Names of sequences that do not stand at the same value. */
function differentSequences(source: Side, target: Side): string[] {
  const theirs = new Map(target.sequences.map((state) => [state.sql, state]));
  return source.sequences
    .filter(({ sql, last, isCalled }) => {
      const other = theirs.get(sql);
      return other?.last !== last || other.isCalled !== isCalled;
    })
    .map(({ sql }) => `sequence ${sql}`);
}

function mismatch(database: string, different: readonly string[]): GodwitError {
  const shown = different.slice(0, NAMES_SHOWN).join(", ");
  const more = different.length > NAMES_SHOWN ? ` and ${different.length - NAMES_SHOWN} more` : "";
  return new GodwitError({
    code: "verification-mismatch",
    class: "permanent",
    summary: `The copy of ${database} is not equal to the original: ${shown}${more}.`,
    remedy: "The old database stays in service. Ask support to look at what differs.",
  });
}

function notVerified(reworded: readonly string[]): string[] {
  return reworded.map(
    (name) => `The text of ${name} is printed differently by the new version; its other facts are equal.`,
  );
}

/** Compares everything, the live source against the target; throws when anything differs. */
export async function verify(
  pair: DatabasePair,
  hold: FenceHold,
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<Proof> {
  const startedAt = performance.now();
  await hold.assertAlive();
  call.report({ label: "comparing definitions" });
  const roles = await readRoleMap(pair, call.signal);
  const [source, target] = await readBoth(pair, [...roles.known], call.signal);
  if (source === undefined || target === undefined) throw new Error("a side could not be read");
  const isSameMajor = Math.floor(source.version / 10_000) === Math.floor(target.version / 10_000);
  const catalogs = compareCatalogs(source.objects, target.objects, { isSameMajor });
  const tables = await compareTables(pair, source.tables, { call, jobs });
  await hold.assertAlive();
  const different = [
    ...tables.different.map((name) => `table ${name}`),
    ...differentSequences(source, target),
    ...(largeObjectsDiffer(source.largeObjects, target.largeObjects) ? ["large objects"] : []),
    ...catalogs.different,
  ];
  if (different.length > 0) throw mismatch(pair.source.database, different);
  return {
    tables: source.tables.length,
    rows: tables.rows,
    bytes: source.bytes,
    hashedTables: tables.hashed,
    sequences: source.sequences.length,
    objects: catalogs.objects,
    milliseconds: Math.round(performance.now() - startedAt),
    notVerified: notVerified(catalogs.reworded),
  };
}
