import { z } from "zod";
import { GodwitError } from "../../core/failure.ts";
import type { Plan } from "../../core/plan.ts";
import type { DatabaseAccess, Engine, ServerAccess } from "../../core/ports/engine.ts";
import type { Json } from "../../core/step.ts";
import type { ServerConfig } from "./config.ts";
import type { Fleet } from "./fleet.ts";

/** Where a database is, as stored with steps: the password is only named. */
export type Location = {
  readonly serverId: string;
  readonly database: string;
  readonly username: string;
  readonly secretRef: string;
};

/** A stored location. */
export const locationSchema: z.ZodType<Location> = z.object({
  serverId: z.string(),
  database: z.string(),
  username: z.string(),
  secretRef: z.string(),
});

/** Reads a location that a step stored. Throws a `ZodError` when it is none. */
export function readLocation(stored: Json | undefined): Location {
  return locationSchema.parse(stored);
}

/** Takes the location out of a richer record. */
export function locationOf({ serverId, database, username, secretRef }: Location): Location {
  return { serverId, database, username, secretRef };
}

/** The access to a database, with its password. Throws a `GodwitError` when the server or the password is gone. */
export async function openAccess(fleet: Fleet, location: Location): Promise<DatabaseAccess> {
  const server = accessOf(findServer(fleet, location.serverId));
  const password = await fleet.store.secret(location.secretRef);
  if (password === undefined) throw passwordMissing(location);
  return { server, database: location.database, username: location.username, password };
}

/** The way to a database for which no password is needed, such as to take something away. */
export function reachOf(
  fleet: Fleet,
  { serverId, database, username }: Pick<Location, "serverId" | "database" | "username">,
): Omit<DatabaseAccess, "password"> {
  return { server: accessOf(findServer(fleet, serverId)), database, username };
}

export function accessOf(server: ServerConfig): ServerAccess {
  return { id: server.id, adminUrl: server.url };
}

export function findServer(fleet: Fleet, serverId: string): ServerConfig {
  const server = fleet.config.servers.find(({ id }) => id === serverId);
  return server ?? missing("server", serverId);
}

export function findPlan(fleet: Fleet, planId: string): Plan {
  const plan = fleet.config.plans.find(({ id }) => id === planId);
  return plan ?? missing("plan", planId);
}

/** The engine by its ID, such as `postgresql`. */
export function findEngine(fleet: Fleet, engineId: string): Engine {
  const engine = Object.hasOwn(fleet.engines, engineId) ? fleet.engines[engineId] : undefined;
  return engine ?? missing("engine", engineId);
}

/** The engine that runs on a server. */
export function engineOn(fleet: Fleet, serverId: string): Engine {
  return findEngine(fleet, findServer(fleet, serverId).engine);
}

function missing(what: "server" | "plan" | "engine", id: string): never {
  const remedy =
    what === "engine"
      ? "Install a version of Godwit that has it."
      : `Put ${what} ${id} back into godwit.yaml, then try again.`;
  const summary =
    what === "engine"
      ? `This Godwit has no engine ${id}.`
      : `There is no ${what} ${id} in godwit.yaml any more.`;
  throw new GodwitError({ code: `unknown-${what}`, summary, remedy });
}

function passwordMissing(location: Location): GodwitError {
  return new GodwitError({
    code: "password-missing",
    summary: `Godwit has no password for database ${location.database} on server ${location.serverId}.`,
    remedy: "Restore Godwit's own database from its backup, or ask support.",
  });
}
