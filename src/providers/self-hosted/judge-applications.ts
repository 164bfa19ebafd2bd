import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { DatabaseAccess, Engine } from "../../core/ports/engine.ts";
import type { FleetAddon } from "../../core/ports/fleet.ts";
import type { Finding, HardCodedVariable } from "../../core/preflight.ts";
import type { ApplicationConfig } from "./config.ts";
import { readVariables } from "./env-file/edit-env-text.ts";
import { findHardCoded, type Whereabouts } from "./env-file/find-hard-coded.ts";
import { inspectEnvFile } from "./env-file/inspect-env-file.ts";
import type { Fleet } from "./fleet.ts";
import { elsewhere, isElsewhere } from "./in-service.ts";

/** What stands in the way of the linked applications following the database. */
export interface ApplicationsReport {
  readonly findings: readonly Finding[];
  readonly hardCoded: readonly HardCodedVariable[];
}

/** Looks at the env file and the restart of every linked application. Reads files only. */
export async function judgeApplications(
  fleet: Fleet,
  record: FleetAddon,
  { engine, source }: { readonly engine: Engine; readonly source: DatabaseAccess },
): Promise<ApplicationsReport> {
  const own = new Set(Object.keys(engine.environment(source)));
  const reports = record.applications.map(async (id) => {
    const application = fleet.config.applications.find((known) => known.id === id);
    if (application === undefined) return { findings: [unknownApplication(id)], hardCoded: [] };
    return await judgeApplication(fleet, application, { record, own, old: whereaboutsOf(engine, source) });
  });
  const done = await Promise.all(reports);
  return {
    findings: done.flatMap(({ findings }) => findings),
    hardCoded: done.flatMap(({ hardCoded }) => hardCoded),
  };
}

interface Judged {
  readonly record: FleetAddon;
  /** Names of the variables that Godwit writes. */
  readonly own: ReadonlySet<string>;
  readonly old: Whereabouts;
}

async function judgeApplication(
  fleet: Fleet,
  application: ApplicationConfig,
  { record, own, old }: Judged,
): Promise<ApplicationsReport> {
  const findings: Finding[] = application.restart === null ? [noRestart(application)] : [];
  const file = await inspectEnvFile(application.envFile);
  if ("check" in file) return { findings: [...findings, fileFinding(application, file)], hardCoded: [] };
  const variables = readVariables(await readFile(file.path, "utf8"));
  if (isElsewhere(fleet, variables, record))
    findings.push({ ...elsewhere(application, record), level: "blocker" });
  const { id, name } = application;
  const hardCoded = findHardCoded(variables, own, old).map((variable) => ({
    application: { id, name },
    variable,
  }));
  if (hardCoded.length > 0) findings.push(hardCodedFinding(application, hardCoded));
  return { findings, hardCoded };
}

function whereaboutsOf({ capabilities }: Engine, { server, database }: DatabaseAccess): Whereabouts {
  const text = server.adminUrl.reveal();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const port = url?.port || String(capabilities.url.defaultPort);
  return { host: url?.hostname ?? "", port, database };
}

function unknownApplication(id: string): Finding {
  return {
    check: "application-unknown",
    level: "blocker",
    summary: `The database is linked to application ${id}, which godwit.yaml does not list.`,
    remedy: `Add application ${id} to godwit.yaml.`,
  };
}

function noRestart({ name }: ApplicationConfig): Finding {
  return {
    check: "application-restart-missing",
    level: "warning",
    summary: `Godwit cannot restart ${name}: godwit.yaml holds no restart for it.`,
    remedy: `Restart ${name} yourself after the switch, or add a restart to godwit.yaml.`,
  };
}

function fileFinding(
  { name, envFile }: ApplicationConfig,
  problem: { readonly check: string; readonly what: string; readonly remedy: string },
): Finding {
  const summary = `The env file ${basename(envFile)} of ${name} ${problem.what}.`;
  return { check: problem.check, level: "blocker", summary, remedy: problem.remedy };
}

function hardCodedFinding({ name }: ApplicationConfig, found: readonly HardCodedVariable[]): Finding {
  const names = found.map(({ variable }) => variable).join(", ");
  return {
    check: "hard-coded-address",
    level: "warning",
    summary: `${name} holds the old address of the database in ${names}, which Godwit does not change.`,
    remedy: `Make ${name} read the add-on's own variables, or change ${names} after the switch.`,
  };
}
