import type { Finding, HardCodedVariable } from "../../../core/preflight.ts";
import type { ApiApplication, ApiVariable } from "../api/schemas.ts";
import type { Platform } from "../platform.ts";
import { findHardCoded, type Whereabouts } from "./find-hard-coded.ts";

/** What the linked applications make of a migration. */
export interface ApplicationsReport {
  readonly findings: readonly Finding[];
  readonly hardCoded: readonly HardCodedVariable[];
}

/** Looks at the linked applications' own variables for the database's present address, and at their zones. */
export async function judgeApplications(
  platform: Platform,
  applications: readonly ApiApplication[],
  { old, zone, signal }: { readonly old: Whereabouts; readonly zone: string; readonly signal: AbortSignal },
): Promise<ApplicationsReport> {
  const reports = await Promise.all(
    applications.map((application) => judgeVariables(platform, application, { old, signal })),
  );
  const findings = [
    ...reports.flatMap((report) => report.findings),
    ...applications.filter(isStopped).map(stopped),
    ...applications
      .filter((application) => application.zone && application.zone !== zone)
      .map((far) => apart(far, zone)),
  ];
  return { findings, hardCoded: reports.flatMap(({ hardCoded }) => hardCoded) };
}

/** Whether people have stopped an application, so that the platform does not restart it. */
export function isStopped({ state }: ApiApplication): boolean {
  return state === "SHOULD_BE_DOWN";
}

async function judgeVariables(
  platform: Platform,
  { id, name }: ApiApplication,
  { old, signal }: { readonly old: Whereabouts; readonly signal: AbortSignal },
): Promise<ApplicationsReport> {
  const variables = await readVariables(platform, id, signal);
  if (variables === undefined) return { findings: [unread(name)], hardCoded: [] };
  const names = findHardCoded(variables, old);
  const hardCoded = names.map((variable) => ({ application: { id, name }, variable }));
  return { findings: names.length === 0 ? [] : [hardCodedFinding(name, names)], hardCoded };
}

/** Undefined when they cannot be read, which is told and stops nothing. */
async function readVariables(
  platform: Platform,
  applicationId: string,
  signal: AbortSignal,
): Promise<readonly ApiVariable[] | undefined> {
  try {
    return await platform.api.ownVariables(applicationId, signal);
  } catch (error) {
    signal.throwIfAborted();
    platform.log.warn({ applicationId, err: error }, "variables of an application not read");
    return undefined;
  }
}

function hardCodedFinding(name: string, variables: readonly string[]): Finding {
  const names = variables.join(", ");
  return {
    check: "hard-coded-address",
    level: "warning",
    summary: `${name} holds the old address of the database in its own ${names}, which nobody changes.`,
    remedy: `Make ${name} read the add-on's own variables, or change ${names} when the migration is over.`,
  };
}

function unread(name: string): Finding {
  return {
    check: "variables-unread",
    level: "warning",
    summary: `Godwit cannot read the variables of ${name}, so it does not know whether the old address is among them.`,
    remedy: `Look through the variables of ${name} in the console.`,
  };
}

function stopped({ name }: ApiApplication): Finding {
  const summary = `${name} is stopped, so it is not restarted; it reads the new address when it starts.`;
  return { check: "application-stopped", level: "info", summary };
}

function apart({ name, zone }: ApiApplication, target: string): Finding {
  return {
    check: "application-apart",
    level: "warning",
    summary: `${name} runs in zone ${zone} and the database will be in ${target}: each query takes longer.`,
    remedy: `Move ${name} too, or pick its zone for the database.`,
  };
}
