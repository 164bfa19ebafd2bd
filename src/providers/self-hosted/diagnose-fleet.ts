import { basename } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import type { Diagnosis } from "../../core/ports/provider.ts";
import { namedVersion } from "../../core/version.ts";
import type { ApplicationConfig, ServerConfig } from "./config.ts";
import { inspectEnvFile } from "./env-file/inspect-env-file.ts";
import type { Fleet } from "./fleet.ts";
import { accessOf, findEngine } from "./location.ts";

/** Looks at every server and every application's env file; never rejects because one of them is bad. */
export async function diagnoseFleet(fleet: Fleet, signal: AbortSignal): Promise<readonly Diagnosis[]> {
  const { servers, applications } = fleet.config;
  return await Promise.all([
    ...servers.map((server) => diagnoseServer(fleet, server, signal)),
    ...applications.map(diagnoseApplication),
  ]);
}

async function diagnoseServer(fleet: Fleet, server: ServerConfig, signal: AbortSignal): Promise<Diagnosis> {
  const subject = `server ${server.id}`;
  try {
    const engine = findEngine(fleet, server.engine);
    const facts = await fleet.servers.facts(engine, accessOf(server), { signal, fresh: true });
    return {
      subject,
      ok: true,
      detail: `${namedVersion(engine.name, facts.fullVersion)} in zone ${server.zone}`,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GodwitError)
      return { subject, ok: false, detail: error.summary, remedy: error.remedy };
    fleet.log.error({ serverId: server.id, err: error }, "server not diagnosed");
    const remedy = "Look into Godwit's log for the cause.";
    return {
      subject,
      ok: false,
      detail: `Server ${server.id} gave an answer that Godwit does not know.`,
      remedy,
    };
  }
}

async function diagnoseApplication({ id, envFile, restart }: ApplicationConfig): Promise<Diagnosis> {
  const subject = `application ${id}`;
  const name = basename(envFile);
  const file = await inspectEnvFile(envFile);
  if ("check" in file)
    return { subject, ok: false, detail: `Its env file ${name} ${file.what}.`, remedy: file.remedy };
  const how = restart === null ? "restarted by a person" : `restarted by ${restart.kind}`;
  return { subject, ok: true, detail: `${name} can be rewritten, ${how}` };
}
