import type pg from "pg";
import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding, FindingLevel } from "../../../core/preflight.ts";
import type { Strategy } from "../../../core/target.ts";
import { asAdmin, withSession } from "../session.ts";
import { catalogChecks } from "./catalog-checks.ts";
import { type Check, type CheckContext, LIMITS, type Limits } from "./check.ts";
import { extensionChecks } from "./extension-checks.ts";
import { liveChecks } from "./live-checks.ts";
import { localeChecks } from "./locale-checks.ts";
import { roleChecks } from "./role-checks.ts";
import { serverChecks } from "./server-checks.ts";
import { sizeChecks } from "./size-checks.ts";
import { typeChecks } from "./type-checks.ts";

const CHECKS: readonly Check[] = [
  ...serverChecks,
  ...sizeChecks,
  ...extensionChecks,
  ...localeChecks,
  ...typeChecks,
  ...roleChecks,
  ...catalogChecks,
];
const FOR_STRATEGY: Readonly<Record<Strategy, readonly Check[]>> = { dump: [], live: liveChecks };

/** For which strategy to look, and from when on something counts as long or large. */
export interface PreflightOptions {
  /** Default `dump`. */
  readonly strategy?: Strategy;
  readonly limits?: Partial<Limits>;
}
const WEIGHT: Readonly<Record<FindingLevel, number>> = { blocker: 0, warning: 1, info: 2 };

async function versionOf(client: pg.Client): Promise<number> {
  return Number((await client.query("SHOW server_version_num")).rows[0].server_version_num);
}

async function runChecks(context: CheckContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  const checks = [...CHECKS, ...FOR_STRATEGY[context.strategy]];
  for (const check of checks) findings.push(...(await check(context)));
  return findings.sort((one, other) => WEIGHT[one.level] - WEIGHT[other.level]);
}

/** Looks for everything that would stop or change a migration; blockers first. Writes nothing. */
export function preflight(
  input: PreflightInput,
  signal: AbortSignal,
  { strategy = "dump", limits = {} }: PreflightOptions = {},
): Promise<readonly Finding[]> {
  const options = { name: "godwit check", signal };
  const { source, targetServer } = input;
  return withSession(asAdmin(source.server, source.database), options, (from) =>
    withSession(asAdmin(targetServer), options, async (to) => {
      const [sourceVersion, targetVersion] = await Promise.all([versionOf(from), versionOf(to)]);
      const versions = { sourceVersion, targetVersion };
      const terms = { strategy, limits: { ...LIMITS, ...limits } };
      return runChecks({ input, source: from, target: to, ...versions, ...terms });
    }),
  );
}
