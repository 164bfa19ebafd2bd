import { GodwitError } from "../../core/failure.ts";
import type { ServerFacts } from "../../core/ports/engine.ts";
import type { Target } from "../../core/target.ts";
import { compareVersions, namedVersion } from "../../core/version.ts";
import type { ServerConfig } from "./config.ts";
import type { Fleet } from "./fleet.ts";
import { accessOf, findEngine, findPlan } from "./location.ts";

/** A server that answered, with what it said. */
export interface ReachedServer {
  readonly server: ServerConfig;
  readonly facts: ServerFacts;
}

interface Asking {
  readonly signal: AbortSignal;
  readonly fresh?: boolean;
}

/** The servers of an engine that answer now, in the order of godwit.yaml. */
export async function reachServers(fleet: Fleet, engineId: string, asking: Asking): Promise<ReachedServer[]> {
  const servers = fleet.config.servers.filter(({ engine }) => engine === engineId);
  const answers = await Promise.all(servers.map((server) => tryServer(fleet, server, asking)));
  asking.signal.throwIfAborted();
  return answers.filter((answer) => answer !== undefined);
}

async function tryServer(
  fleet: Fleet,
  server: ServerConfig,
  asking: Asking,
): Promise<ReachedServer | undefined> {
  try {
    const engine = findEngine(fleet, server.engine);
    return { server, facts: await fleet.servers.facts(engine, accessOf(server), asking) };
  } catch (error) {
    fleet.log.warn({ serverId: server.id, err: error }, "server left out of the offer");
    return undefined;
  }
}

/**
 * The server that a migration goes to: among those that offer the plan and the version in the zone, the
 * one with the latest patch, then the first in godwit.yaml. It may be the server that the add-on is on.
 * Throws a `GodwitError` (`no-server`, `server-unreachable`).
 */
export async function chooseServer(
  fleet: Fleet,
  target: Target,
  signal: AbortSignal,
): Promise<ReachedServer> {
  const plan = findPlan(fleet, target.planId);
  const all = await reachServers(fleet, plan.engine, { signal, fresh: true });
  const reached = await withoutOccupied(fleet, all);
  const fitting = reached.filter(
    ({ server, facts }) => offers(server, target) && facts.version === target.version,
  );
  const [best] = fitting.sort((a, b) => compareVersions(b.facts.fullVersion, a.facts.fullVersion));
  if (best !== undefined) return best;
  const isReached = (id: string) => all.some(({ server }) => server.id === id);
  const down = fleet.config.servers.find((server) => offers(server, target) && !isReached(server.id));
  throw down === undefined ? noServer(fleet, target) : serverDown(down.id);
}

/** Leaves out servers that can hold one add-on and do, or still keep the old database of one. */
export async function withoutOccupied(
  fleet: Fleet,
  reached: readonly ReachedServer[],
): Promise<readonly ReachedServer[]> {
  const single = reached.filter(
    ({ server }) => findEngine(fleet, server.engine).capabilities.addonsPerServer === "one",
  );
  if (single.length === 0) return reached;
  const { name } = fleet.config;
  const [addons, retired] = await Promise.all([fleet.store.addons(name), fleet.store.retired(name)]);
  const taken = new Set([...addons, ...retired].map(({ serverId }) => serverId));
  return reached.filter((host) => !single.includes(host) || !taken.has(host.server.id));
}

function offers(server: ServerConfig, target: Target): boolean {
  return server.zone === target.zone && server.plans.includes(target.planId);
}

function noServer(fleet: Fleet, target: Target): GodwitError {
  const plan = findPlan(fleet, target.planId);
  const { name: engine, capabilities } = findEngine(fleet, plan.engine);
  const isSingle = capabilities.addonsPerServer === "one";
  return new GodwitError({
    code: "no-server",
    summary: `No ${isSingle ? "free " : ""}server in zone ${target.zone} runs ${namedVersion(engine, target.version)} with plan ${plan.name}.`,
    remedy: "Pick another version, plan or zone.",
  });
}

function serverDown(serverId: string): GodwitError {
  return new GodwitError({
    code: "server-unreachable",
    class: "transient",
    summary: `Server ${serverId}, which would host the new database, cannot be reached.`,
    remedy: "Check that the server is running and that Godwit may connect to it, then try again.",
  });
}
