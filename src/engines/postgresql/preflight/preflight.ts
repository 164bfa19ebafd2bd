import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding, FindingLevel } from "../../../core/preflight.ts";
import type { Strategy } from "../../../core/target.ts";
import { sqlState } from "../errors.ts";
import { readVersion } from "../server-version.ts";
import { asAdmin, withSession } from "../session.ts";
import type { FindPgClient } from "../tools.ts";
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

/** From when on something counts as long or large, and what looks for pg_dump on Godwit's own machine. */
export interface PreflightOptions {
  readonly limits?: Partial<Limits>;
  readonly findClient?: FindPgClient;
}
const WEIGHT: Readonly<Record<FindingLevel, number>> = { blocker: 0, consent: 1, warning: 2, info: 3 };

const PERMISSION_DENIED = "42501";

/** What an administrator may not look at is left out: that he is no superuser is a finding of its own. */
function nothingIfDenied(error: unknown): readonly Finding[] {
  if (sqlState(error) === PERMISSION_DENIED) return [];
  throw error;
}

async function run(checks: readonly Check[], context: CheckContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check(context).catch(nothingIfDenied)));
  return findings;
}

/** Where a strategy's own check is about the same thing as a common one, its finding stands for both. */
async function runChecks(context: CheckContext): Promise<Finding[]> {
  const common = await run(CHECKS, context);
  const own = await run(FOR_STRATEGY[context.strategy], context);
  const isOwn = new Set(own.map(({ check }) => check));
  const findings = [...common.filter(({ check }) => !isOwn.has(check)), ...own];
  return findings.sort((one, other) => WEIGHT[one.level] - WEIGHT[other.level]);
}

/** Looks for everything that would stop or change a migration; blockers first. Writes nothing. */
export function preflight(
  input: PreflightInput,
  signal: AbortSignal,
  { limits = {}, findClient }: PreflightOptions = {},
): Promise<readonly Finding[]> {
  const options = { name: "godwit check", signal };
  const { source, targetServer, strategy = "dump" } = input;
  return withSession(asAdmin(source.server, source.database), options, (from) =>
    withSession(asAdmin(targetServer), options, async (to) => {
      const [sourceVersion, targetVersion] = await Promise.all([readVersion(from), readVersion(to)]);
      const versions = { sourceVersion, targetVersion };
      const tools = findClient === undefined ? {} : { findClient };
      const terms = { strategy, limits: { ...LIMITS, ...limits }, ...tools };
      return runChecks({ input, source: from, target: to, ...versions, ...terms });
    }),
  );
}
