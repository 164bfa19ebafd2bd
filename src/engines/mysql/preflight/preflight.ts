import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding } from "../../../core/preflight.ts";
import { requireDatabase } from "../inspect.ts";
import { readPairObstacles } from "../live/pair-obstacles.ts";
import { withAdmin } from "../session.ts";
import { accountChecks } from "./account-checks.ts";
import type { Check } from "./check.ts";
import { schemaChecks } from "./schema-checks.ts";
import { serverChecks } from "./server-checks.ts";
import { sizeChecks } from "./size-checks.ts";

/** What keeps the new server from following the old one. */
const following: Check = async ({ input, source, target, database }) => {
  if (input.strategy !== "live") return [];
  const obstacles = await readPairObstacles({
    source,
    target,
    from: database,
    to: input.target?.database ?? null,
  });
  return obstacles.map((obstacle) => ({ ...obstacle, level: "blocker" }));
};

const CHECKS: readonly Check[] = [
  ...serverChecks,
  ...accountChecks,
  ...schemaChecks,
  ...sizeChecks,
  following,
];

/** Looks at everything that could keep a migration from succeeding, or that it would change; touches nothing. */
export function preflight(input: PreflightInput, signal: AbortSignal): Promise<readonly Finding[]> {
  const { database, server } = input.source;
  return withAdmin(server, signal, async (source) => {
    await requireDatabase(source, database);
    return withAdmin(input.targetServer, signal, async (target) => {
      const findings: Finding[] = [];
      for (const check of CHECKS) findings.push(...(await check({ input, source, target, database })));
      return findings;
    });
  });
}
