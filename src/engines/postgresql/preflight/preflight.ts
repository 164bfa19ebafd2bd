import type pg from "pg";
import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding, FindingLevel } from "../../../core/preflight.ts";
import { asAdmin, withSession } from "../session.ts";
import { catalogChecks } from "./catalog-checks.ts";
import type { Check, CheckContext } from "./check.ts";
import { serverChecks } from "./server-checks.ts";

const CHECKS: readonly Check[] = [...serverChecks, ...catalogChecks];
const WEIGHT: Readonly<Record<FindingLevel, number>> = { blocker: 0, warning: 1, info: 2 };

async function versionOf(client: pg.Client): Promise<number> {
  return Number((await client.query("SHOW server_version_num")).rows[0].server_version_num);
}

async function runChecks(context: CheckContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of CHECKS) findings.push(...(await check(context)));
  return findings.sort((one, other) => WEIGHT[one.level] - WEIGHT[other.level]);
}

/** Looks for everything that would stop or change a migration; blockers first. Writes nothing. */
export function preflight(input: PreflightInput, signal: AbortSignal): Promise<readonly Finding[]> {
  const options = { name: "godwit check", signal };
  const { source, targetServer } = input;
  return withSession(asAdmin(source.server, source.database), options, (from) =>
    withSession(asAdmin(targetServer), options, async (to) => {
      const [sourceVersion, targetVersion] = await Promise.all([versionOf(from), versionOf(to)]);
      return runChecks({ input, source: from, target: to, sourceVersion, targetVersion });
    }),
  );
}
