import type pg from "pg";
import type { DatabaseAccess, DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { Proof } from "../../../core/proof.ts";
import { readSequences } from "../copy/sequences.ts";
import { compareExtensionData } from "../extension-data/compare-extension-data.ts";
import { rightsBefore, settingsBefore } from "../fence/fence.ts";
import type { FenceLevel } from "../fence/plan-fence.ts";
import { readRoleMap } from "../schema/role-map.ts";
import { readVersion } from "../server-version.ts";
import { readTables, type Table } from "../tables.ts";
import { type CatalogNames, type RightsView, readCatalog, readRights } from "./catalog-objects.ts";
import { compareSides, type SidesCompared } from "./compare-sides.ts";
import { compareTables, type TablesCompared } from "./compare-tables.ts";
import { readDatabaseObjects } from "./database-objects.ts";
import { compareLargeObjects } from "./large-object-content.ts";
import { locateDifferences } from "./locate-differences.ts";
import { mismatch } from "./mismatch.ts";
import { readSettingObjects, unknownSettings } from "./settings-objects.ts";
import { type Sides, withSides } from "./sides.ts";

/** Rights that versions before 17 do not have. */
const NEW_RIGHTS = { since: 170_000, names: ["MAINTAIN"] } as const;

interface SideView {
  readonly access: DatabaseAccess;
  readonly names: CatalogNames;
  readonly rights: RightsView;
  /** What a fence has replaced, on the source. */
  readonly settings: readonly FenceLevel[];
}

async function readSide(client: pg.Client, { access, names, rights, settings }: SideView) {
  const { database, username: owner } = access;
  return {
    sequences: await readSequences(client),
    objects: [
      ...(await readCatalog(client, names)),
      ...(await readRights(client, names, rights)),
      ...(await readSettingObjects(client, { database, owner }, settings)),
      ...(await readDatabaseObjects(client)),
    ],
    version: await readVersion(client),
    bytes: Number((await client.query("SELECT pg_database_size(current_database()) AS b")).rows[0].b),
  };
}

type Side = Awaited<ReturnType<typeof readSide>>;

/** Both sides as they were read, and what is different of what is defined. */
interface Definitions {
  readonly source: Side;
  readonly target: Side;
  readonly compared: SidesCompared;
}

/** Reads both sides at the same time, as they were before the fence, and compares what is defined. */
async function compareDefinitions(
  { source, target }: DatabasePair,
  clients: Sides,
  { hold, known }: { readonly hold: FenceHold; readonly known: readonly string[] },
): Promise<Definitions> {
  const versions = await Promise.all([readVersion(clients.source), readVersion(clients.target)]);
  const ignored = Math.min(...versions) < NEW_RIGHTS.since ? NEW_RIGHTS.names : [];
  const names = (access: DatabaseAccess): CatalogNames => ({
    owner: access.username,
    shownAs: target.username,
    knownRoles: known,
  });
  const [ours, theirs] = await Promise.all([
    readSide(clients.source, {
      access: source,
      names: names(source),
      rights: { taken: rightsBefore(hold), ignored },
      settings: settingsBefore(hold),
    }),
    readSide(clients.target, {
      access: target,
      names: names(target),
      rights: { taken: null, ignored },
      settings: [],
    }),
  ]);
  const compared = compareSides(ours.objects, theirs.objects, {
    isSameMajor: Math.floor(ours.version / 10_000) === Math.floor(theirs.version / 10_000),
    owner: target.username,
    isSuperuser: (await clients.target.query("SHOW is_superuser")).rows[0].is_superuser === "on",
    unknownSettings: await unknownSettings(
      clients.target,
      ours.objects.filter(({ kind }) => kind === "setting"),
    ),
  });
  return { source: ours, target: theirs, compared };
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

function notVerified({ reworded, notCarried }: SidesCompared): string[] {
  return [
    ...reworded.map(
      (name) => `The text of ${name} is printed differently by the new version; its other facts are equal.`,
    ),
    ...notCarried.map((name) => `Not carried over, and so not compared: ${name}.`),
  ];
}

/** How both sides are compared. */
export interface VerifyOptions {
  readonly call: EngineCall;
  /** Pairs of sessions at once; at least 1. */
  readonly jobs: number;
  /** Compares the rows; left out: all rows of all tables are read. */
  readonly compareRows?: (tables: readonly Table[]) => Promise<TablesCompared>;
}

interface Compared extends Definitions {
  readonly tables: readonly Table[];
  readonly rows: TablesCompared;
  /** Names of what is different and is neither a table of people's own nor a definition. */
  readonly others: readonly string[];
}

async function compareAll(pair: DatabasePair, hold: FenceHold, options: VerifyOptions): Promise<Compared> {
  const { call, jobs } = options;
  const compareRows = options.compareRows ?? ((tables) => compareTables(pair, tables, { call, jobs }));
  return withSides(pair, call.signal, async (clients) => {
    const tables = await readTables(clients.source);
    const definitions = async () => {
      const known = [...(await readRoleMap(pair, call.signal)).known];
      const compared = await compareDefinitions(pair, clients, { hold, known });
      const others = [...(await compareLargeObjects(clients)), ...(await compareExtensionData(clients))];
      return { ...compared, others };
    };
    const [defined, rows] = await Promise.allSettled([definitions(), compareRows(tables)]);
    if (defined.status === "rejected") throw defined.reason;
    if (rows.status === "rejected") throw rows.reason;
    return { ...defined.value, tables, rows: rows.value };
  });
}

/** Compares everything, the live source against the target; throws when anything differs. */
export async function verify(pair: DatabasePair, hold: FenceHold, options: VerifyOptions): Promise<Proof> {
  const startedAt = performance.now();
  await hold.assertAlive();
  options.call.report({ label: "comparing definitions" });
  const { source, target, compared, others, tables, rows } = await compareAll(pair, hold, options);
  const located = await locateDifferences(pair, rows.different, options.call);
  await hold.assertAlive();
  const different = [...located, ...differentSequences(source, target), ...others, ...compared.different];
  if (different.length > 0) {
    throw mismatch({
      summary: `The copy of ${pair.source.database} is not equal to the original`,
      different,
      remedy: "The old database stays in service. Ask support to look at what differs.",
    });
  }
  return {
    tables: tables.length,
    rows: rows.rows,
    bytes: source.bytes,
    hashedTables: rows.hashed,
    sequences: source.sequences.length,
    objects: compared.objects,
    milliseconds: Math.round(performance.now() - startedAt),
    notVerified: notVerified(compared),
  };
}
