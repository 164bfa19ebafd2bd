import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import type { Engine } from "../../core/ports/engine.ts";
import type { FleetAddon } from "../../core/ports/fleet.ts";
import type { ApplicationConfig } from "./config.ts";
import { readVariables } from "./env-file/edit-env-text.ts";
import type { Whereabouts } from "./env-file/find-hard-coded.ts";
import { readNamedPlace } from "./env-file/named-place.ts";
import type { Fleet } from "./fleet.ts";
import { engineOn, findServer, type Location } from "./location.ts";

type Place = Pick<Location, "serverId" | "database">;

/**
 * Whether a database is in service: an add-on of the fleet is there, or an application's env file says so. The files
 * are asked too, since the records are those of yesterday when Godwit's own database was restored from a copy.
 */
export async function isInUse(fleet: Fleet, place: Place): Promise<boolean> {
  const addons = await fleet.store.addons(fleet.config.name);
  if (addons.some(({ serverId, database }) => serverId === place.serverId && database === place.database))
    return true;
  return (await applicationsOn(fleet, place)).length > 0;
}

/** Throws (`target-in-service`) when an application uses a database that is about to be filled. */
export async function assertNotInService(fleet: Fleet, place: Place): Promise<void> {
  const [application] = await applicationsOn(fleet, place);
  if (application === undefined) return;
  throw new GodwitError({
    code: "target-in-service",
    class: "permanent",
    summary: `${application.name} uses ${place.database} already, which Godwit's records call the new database, not switched to yet. Nothing in it was changed.`,
    remedy:
      "Ask support: Godwit's own database seems to be an older copy of itself. Both databases are there; the one that the env file names holds what was written last.",
  });
}

/** Whether an env file says that the database is somewhere else than where the fleet has it. */
export function isElsewhere(
  fleet: Fleet,
  variables: ReadonlyMap<string, string>,
  { serverId, database }: Place,
): boolean {
  const engine = engineOn(fleet, serverId);
  const named = readNamedPlace(variables, engine);
  if (named.database !== "" && named.database !== database) return true;
  // A host may have several names, so that only one that is known to be another server's counts.
  if (isAddress(named, addressOf(fleet, serverId))) return false;
  return fleet.config.servers.some(
    ({ id }) => id !== serverId && engineOn(fleet, id) === engine && isAddress(named, addressOf(fleet, id)),
  );
}

/** What is said then: a copy of the database that the fleet has would not hold what the application has written. */
export function elsewhere({ name, envFile }: ApplicationConfig, { database }: Pick<Place, "database">) {
  return {
    check: "application-elsewhere",
    summary: `The env file ${basename(envFile)} of ${name} names another database than ${database}, which Godwit would move.`,
    remedy:
      "Correct the file if it is wrong. If it is right, Godwit's own database may be an older copy of itself: ask support.",
  };
}

/** Throws (`application-elsewhere`) when an env file of an add-on's applications names another database. */
export async function assertInService(fleet: Fleet, addon: FleetAddon): Promise<void> {
  for (const application of fleet.config.applications.filter(({ id }) => addon.applications.includes(id))) {
    if (!isElsewhere(fleet, await readEnvFile(application), addon)) continue;
    const { check: code, ...words } = elsewhere(application, addon);
    throw new GodwitError({ code, class: "permanent", ...words });
  }
}

async function applicationsOn(fleet: Fleet, place: Place): Promise<ApplicationConfig[]> {
  const engine = engineOn(fleet, place.serverId);
  const server = addressOf(fleet, place.serverId);
  const using = await Promise.all(
    fleet.config.applications.map(async (application) => {
      const named = readNamedPlace(await readEnvFile(application), engine);
      return names(named, { server, database: place.database, engine }) ? [application] : [];
    }),
  );
  return using.flat();
}

interface Named {
  readonly server: Omit<Whereabouts, "database">;
  readonly database: string;
  readonly engine: Engine;
}

/** Without an address the name of the database alone counts: rather one database too many is kept. */
function names(named: Whereabouts, { server, database, engine }: Named): boolean {
  if (engine.capabilities.addonsPerServer === "one") return isAddress(named, server);
  return named.database === database && (named.host === "" || isAddress(named, server));
}

function isAddress(named: Whereabouts, { host, port }: Omit<Whereabouts, "database">): boolean {
  return named.host !== "" && named.host === host && (named.port === "" || named.port === port);
}

/** Host and port of a server as godwit.yaml has them. */
function addressOf(fleet: Fleet, serverId: string): Omit<Whereabouts, "database"> {
  const url = new URL(findServer(fleet, serverId).url.reveal());
  const { defaultPort } = engineOn(fleet, serverId).capabilities.url;
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port || String(defaultPort) };
}

/** A file that is not there or cannot be read says nothing; preflight and the switch tell of it. */
async function readEnvFile({ envFile }: ApplicationConfig): Promise<ReadonlyMap<string, string>> {
  return readVariables(await readFile(envFile, "utf8").catch(() => ""));
}
