import type { LiveObstacle } from "../../../core/ports/engine.ts";
import { compareVersions } from "../../../core/version.ts";
import { splitVersion } from "../flavour.ts";
import { listNames, readVariable } from "../preflight/check.ts";
import type { Session } from "../session.ts";
import { readChannels } from "./channel.ts";

/** Both servers, and what the database is called on each; the target's name may not be settled yet. */
export interface LivePair {
  readonly source: Session;
  readonly target: Session;
  readonly from: string;
  readonly to: string | null;
}

type Look = (pair: LivePair) => Promise<LiveObstacle | null>;

/** First release in which a channel can be told all that is asked of it. Sources: MySQL 8.0.23, MariaDB 10.11 release notes. */
const SINCE = { MySQL: "8.0.23", MariaDB: "10.11.0" } as const;

const version: Look = async ({ target: { flavour, versionText } }) => {
  const since = SINCE[flavour.product];
  if (compareVersions(splitVersion(versionText).full, since) >= 0) return null;
  const summary = `The new server is older than ${flavour.product} ${since}, from which on a replica can rename a database.`;
  return { check: "live-version", summary, remedy: "Pick a newer server, or copy while read-only." };
};

const numbers: Look = async ({ source, target }) => {
  const [old, next] = await Promise.all([source, target].map((side) => readVariable(side, "server_id")));
  if (old !== next && old !== "0" && next !== "0") return null;
  const summary = `The servers cannot be told apart: their server_id is ${old} and ${next}.`;
  return { check: "server-id", summary, remedy: "Give each server a server_id of its own, above 0." };
};

/** MySQL's server numbers transactions for good or not; a follower has to do as its source. */
const transactions: Look = async ({ source, target }) => {
  const [old, next] = await Promise.all([source, target].map((side) => readVariable(side, "gtid_mode")));
  const isOn = (mode: string | null | undefined): boolean => mode === "ON";
  if (old == null || isOn(old) === isOn(next)) return null;
  const summary = `One server numbers its transactions and the other does not (gtid_mode is ${old} and ${next}).`;
  return { check: "gtid-mode", summary, remedy: "Set the same gtid_mode on both servers." };
};

const order: Look = async ({ target }) => {
  if (target.flavour.product === "MySQL" || (await readVariable(target, "gtid_strict_mode")) === "OFF")
    return null;
  const summary = "The new server takes changes of one server only, in their order (gtid_strict_mode is ON).";
  return { check: "gtid-strict-mode", summary, remedy: "Set gtid_strict_mode = OFF on the new server." };
};

const triggers: Look = async ({ target }) => {
  const value = await readVariable(target, "slave_run_triggers_for_rbr");
  if (value === null || value === "NO") return null;
  const summary =
    "The new server would run triggers once more for rows that the old one's triggers have changed.";
  return {
    check: "replica-triggers",
    summary,
    remedy: "Set slave_run_triggers_for_rbr = NO on the new server.",
  };
};

/** MySQL leaves out a transaction that another channel of the same source has brought, with all that it was to bring here. */
const sameSource: Look = async ({ source, target }) => {
  if ((await readVariable(source, "gtid_mode")) !== "ON") return null;
  const own = await readVariable(source, "server_uuid");
  if (!(await readChannels(target)).some(({ sourceId }) => sourceId === own)) return null;
  const summary = "The new server follows the old one already, for another database or as its replica.";
  return { check: "same-source", summary, remedy: "Wait until that has ended, then try again." };
};

const SYSTEM = ["mysql", "sys", "performance_schema", "information_schema", "godwit_fences"];

async function readNames(session: Session): Promise<string[]> {
  const rows = await session.rows<{ database: string; name: string }>(
    `SELECT TABLE_SCHEMA AS \`database\`, TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') AND TABLE_SCHEMA NOT IN (?)`,
    [SYSTEM],
  );
  return rows.map(({ database, name }) => `${database}.${name}`);
}

/**
 * A MariaDB that is restarted forgets filters and follows on without: then a change of a table that both servers have
 * would be made twice. Of a table that is not there the server says so and stands still, until the filters are back.
 */
const namesakes: Look = async ({ source, target, to }) => {
  if (target.flavour.product === "MySQL") return null;
  const there = new Set(await readNames(target));
  const both = (await readNames(source)).filter(
    (name) => there.has(name) && (to === null || !name.startsWith(`${to}.`)),
  );
  if (both.length === 0) return null;
  const summary = `Both servers have tables of the same name in databases of the same name: ${listNames(both)}.`;
  const remedy =
    "Rename or move that database on one side, since a restart of the new server could mix them up, or copy while read-only.";
  return { check: "namesakes", summary, remedy };
};

/** MariaDB takes its filters as lists in one text. */
const spelling: Look = async ({ target, from, to }) => {
  const cannot = (name: string): boolean => /,|->|^\s|\s$/.test(name);
  if (target.flavour.product === "MySQL" || ![from, to ?? ""].some(cannot)) return null;
  const summary =
    "MariaDB cannot replicate a database whose name has a comma, an arrow, or a space at its end.";
  return { check: "database-name", summary, remedy: "Copy while the database is read-only." };
};

const LOOKS: readonly Look[] = [
  version,
  numbers,
  transactions,
  order,
  triggers,
  sameSource,
  namesakes,
  spelling,
];

/** Everything that keeps one server from following the other. */
export async function readPairObstacles(pair: LivePair): Promise<LiveObstacle[]> {
  if (pair.source.flavour.product !== pair.target.flavour.product) return []; // Preflight says so for every strategy.
  const found: LiveObstacle[] = [];
  for (const look of LOOKS) {
    const obstacle = await look(pair);
    if (obstacle !== null) found.push(obstacle);
  }
  return found;
}
