import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding } from "../../../core/preflight.ts";
import { requireDatabase } from "../inspect.ts";
import { withAdmin } from "../session.ts";
import { accountChecks } from "./account-checks.ts";
import type { Check } from "./check.ts";
import { schemaChecks } from "./schema-checks.ts";
import { serverChecks } from "./server-checks.ts";
import { sizeChecks } from "./size-checks.ts";

const CHECKS: readonly Check[] = [...serverChecks, ...accountChecks, ...schemaChecks, ...sizeChecks];

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
