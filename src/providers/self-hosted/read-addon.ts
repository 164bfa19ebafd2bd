import type { Addon, AddonSummary } from "../../core/addon.ts";
import type { DatabaseFacts } from "../../core/ports/engine.ts";
import type { FleetAddon } from "../../core/ports/fleet.ts";
import type { Fleet } from "./fleet.ts";
import { accessOf, findEngine, findPlan, findServer, openAccess } from "./location.ts";
import { onServer } from "./server-reach.ts";

/** Longest wait for a database's catalog. */
const INSPECT_TIMEOUT_MS = 30_000;

/** An add-on as a list shows it; what a server that is down would tell reads `unknown`. */
export async function summarizeAddon(
  fleet: Fleet,
  record: FleetAddon,
  signal: AbortSignal,
): Promise<AddonSummary> {
  const server = fleet.config.servers.find(({ id }) => id === record.serverId);
  const plan = fleet.config.plans.find(({ id }) => id === record.planId);
  const { id, name, engine } = record;
  const version = await readVersion(fleet, record, signal);
  return {
    id,
    name,
    engine,
    engineName: fleet.engines[engine]?.name ?? engine,
    version,
    planName: plan?.name ?? record.planId,
    zone: server?.zone ?? "unknown",
  };
}

async function readVersion(fleet: Fleet, record: FleetAddon, signal: AbortSignal): Promise<string> {
  try {
    const engine = findEngine(fleet, record.engine);
    const server = accessOf(findServer(fleet, record.serverId));
    return (await fleet.servers.facts(engine, server, { signal })).version;
  } catch (error) {
    signal.throwIfAborted();
    fleet.log.warn({ addonId: record.id, serverId: record.serverId, err: error }, "version not known");
    return "unknown";
  }
}

/** An add-on as its server shows it now. Throws a `GodwitError` (`server-unreachable`) when it cannot be asked. */
export async function readAddon(fleet: Fleet, record: FleetAddon, signal: AbortSignal): Promise<Addon> {
  const facts = await inspectAddon(fleet, record, signal);
  return {
    id: record.id,
    name: record.name,
    providerName: record.providerName,
    engine: record.engine,
    engineName: findEngine(fleet, record.engine).name,
    version: facts.version,
    fullVersion: facts.fullVersion,
    plan: findPlan(fleet, record.planId),
    zone: findServer(fleet, record.serverId).zone,
    usedBytes: facts.usedBytes,
    linkedApplications: linkedApplications(fleet, record),
  };
}

/** The database's facts from its server, which is asked first whether it is there at all. */
export async function inspectAddon(
  fleet: Fleet,
  record: FleetAddon,
  signal: AbortSignal,
): Promise<DatabaseFacts> {
  const engine = findEngine(fleet, record.engine);
  const source = await openAccess(fleet, record);
  await fleet.servers.facts(engine, source.server, { signal });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(INSPECT_TIMEOUT_MS)]);
  return await onServer(record.serverId, () => engine.inspect(source, limited));
}

/** The linked applications that godwit.yaml knows; others appear with their ID as name. */
export function linkedApplications(fleet: Fleet, record: FleetAddon): { id: string; name: string }[] {
  return record.applications.map((id) => {
    const application = fleet.config.applications.find((known) => known.id === id);
    return { id, name: application?.name ?? id };
  });
}
