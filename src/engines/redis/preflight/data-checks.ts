import type { Redis } from "ioredis";
import { isReadable } from "../copy/copy-data.ts";
import { readLibraries } from "../copy/functions.ts";
import { readModules } from "../inspect.ts";
import { isValkey } from "../versions.ts";
import { blocker, type Check, warning } from "./check.ts";

/** Types of Redis itself that Valkey does not have. */
const OF_REDIS_ALONE = ["vectorset"] as const;
/** Modules that bring types, by how TYPE calls those. Source: documentation of each module. */
const TYPES_OF: Readonly<Record<string, readonly string[]>> = {
  vectorset: ["vectorset"],
  ReJSON: ["ReJSON-RL"],
  timeseries: ["TSDB-TYPE"],
  bf: ["MBbloom--", "MBbloomCF", "CMSk-TYPE", "TopK-TYPE", "TDIS-TYPE"],
};
const SCAN_COUNT = 10_000;

const hasModules: Check = async ({ source, target, databases }) => {
  const [mine, theirs] = await Promise.all([readModules(source.client), readModules(target.client)]);
  const missing = mine.filter((name) => !theirs.includes(name));
  const findings = await Promise.all(missing.map((name) => judgeModule(source.client, name, databases)));
  return findings.flat();
};

/** A module that the new server lacks matters when keys are of its types; of an unknown one that cannot be told. */
async function judgeModule(client: Redis, name: string, databases: ReadonlyMap<number, number>) {
  const types = TYPES_OF[name];
  const remedy = `Load the module ${name} on the new server, or take the keys of its types away.`;
  if (types === undefined)
    return [
      warning("module", `The module ${name} is loaded on the old server and not on the new one.`, remedy),
    ];
  for (const type of types)
    for (const database of databases.keys())
      if (await holdsType(client, database, type))
        return [
          blocker(
            "module-type",
            `Keys of the type ${type} need the module ${name}, which the new server has not.`,
            remedy,
          ),
        ];
  return [];
}

async function holdsType(client: Redis, database: number, type: string): Promise<boolean> {
  await client.call("SELECT", database);
  let cursor = "0";
  do {
    const [next, keys] = (await client.call("SCAN", cursor, "COUNT", SCAN_COUNT, "TYPE", type)) as [
      string,
      string[],
    ];
    if (keys.length > 0) return true;
    cursor = next;
  } while (cursor !== "0");
  return false;
}

/** Dumps that the new server does not take are written anew by what they hold, which takes longer. */
const takesDumps: Check = async ({ source, target, databases, input }) => {
  if (input.strategy === "live") return [];
  if (await isReadable({ source: source.client, target: target.client }, databases.keys())) return [];
  const summary =
    "The new server does not read the old one's dumps, so every key is written anew by its type. That takes several times as long.";
  return [{ check: "payload-version", level: "info" as const, summary }];
};

const knowsExpiringFields: Check = async ({ source, target, databases }) => {
  const knows = async (client: Redis): Promise<boolean> =>
    Array.isArray(((await client.call("COMMAND", "INFO", "HPEXPIRETIME")) as unknown[])[0]);
  if (!(await knows(source.client)) || (await knows(target.client))) return [];
  const keys = [...databases.values()].reduce((sum, count) => sum + count, 0);
  if (keys === 0 || !(await holdsExpiringFields(source.client))) return [];
  const summary =
    "Fields of hashes that expire would never expire on the new server, which does not know such.";
  return [
    blocker("expiring-fields", summary, "Pick a version that knows them: Redis from 7.4 or Valkey from 9.0."),
  ];
};

/** Servers count the hashes whose fields expire. Source: INFO keyspace, `subexpiry`, and Valkey's `keys_with_volatile_items`. */
async function holdsExpiringFields(client: Redis): Promise<boolean> {
  return /(subexpiry|keys_with_volatile_items)=[1-9]/.test(await client.info("keyspace"));
}

const knowsFunctions: Check = async ({ source, target }) => {
  const libraries = await readLibraries(source.client);
  const engines = new Set(libraries.map(({ code }) => /^#!(\w+)/.exec(code)?.[1]?.toLowerCase() ?? "lua"));
  const stats = JSON.stringify(await target.client.call("FUNCTION", "STATS")).toLowerCase();
  const missing = [...engines].filter((engine) => !stats.includes(`"${engine}"`));
  if (missing.length === 0) return [];
  const summary = `Functions are written in ${missing.join(", ")}, which the new server does not run.`;
  return [
    blocker(
      "function-engine",
      summary,
      "Load the engine of those functions on the new server, or delete them.",
    ),
  ];
};

const tellsOfScripts: Check = async ({ source }) => {
  const scripts = Number(source.info.get("number_of_cached_scripts") ?? 0);
  if (scripts === 0) return [];
  const summary =
    "Scripts that were loaded with SCRIPT LOAD are not carried over; most clients load them again by themselves.";
  return [{ check: "scripts", level: "info" as const, summary }];
};

const crossesProducts: Check = async ({ source, target, databases }) => {
  if (isValkey(source.version) === isValkey(target.version)) return [];
  for (const type of OF_REDIS_ALONE)
    for (const database of databases.keys())
      if (await holdsType(source.client, database, type).catch(() => false))
        return [
          blocker(
            "type-unknown",
            `Valkey has no keys of the type ${type}.`,
            "Take those keys away, or stay with Redis.",
          ),
        ];
  return [];
};

/** What the server holds. */
export const DATA_CHECKS: readonly Check[] = [
  hasModules,
  takesDumps,
  knowsExpiringFields,
  knowsFunctions,
  tellsOfScripts,
  crossesProducts,
];
