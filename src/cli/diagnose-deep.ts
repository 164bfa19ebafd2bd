import type { App } from "../app.ts";
import type { Diagnosis } from "../core/ports/provider.ts";
import { auditAll, type Violation } from "../migrations/audit/audit.ts";
import { readRecords } from "../store/read-records.ts";
import { storedSecrets } from "../store/secrets/inspect-secrets.ts";

/** Names of environment variables whose values may stand nowhere in the records. */
const SECRET_NAME = /(TOKEN|PASSWORD|SECRET|KEY)S?$/;
/** Sentences that are printed; more of the same would tell nothing new. */
const SHOWN = 20;

/** Whether everything holds that must hold of every migration: `godwit doctor --deep`. Changes nothing. */
export async function diagnoseDeep({ pool, keyring, deps }: App): Promise<Diagnosis[]> {
  const stored = await storedSecrets(pool, keyring);
  const secrets = [...stored.map((secret) => secret.reveal()), ...secretsOf(process.env)];
  const graceMs = deps.timings.leaseMs + 2 * deps.timings.sweepMs;
  const { count, violations } = await auditAll(readRecords(pool), {
    now: deps.clock.now(),
    graceMs,
    secrets,
  });
  if (violations.length > 0) return shown(violations);
  return [{ subject: "records", ok: true, detail: `${count} migration(s), and every invariant holds` }];
}

function secretsOf(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) ? [value] : [],
  );
}

function shown(violations: readonly Violation[]): Diagnosis[] {
  const lines = violations.slice(0, SHOWN).map(
    ({ invariant, migrationId, what }): Diagnosis => ({
      subject: `records of ${migrationId}`,
      ok: false,
      detail: `${what} (${invariant})`,
      remedy: remedyOf(invariant),
    }),
  );
  const more = violations.length - lines.length;
  if (more === 0) return lines;
  return [...lines, { subject: "records", ok: false, detail: `${more} more of the like` }];
}

function remedyOf(invariant: Violation["invariant"]): string {
  switch (invariant) {
    case "moves-on":
      return "See that a process with the role worker runs and reaches its servers; its log says what stops it.";
    case "no-fence-left":
      return "See that a process with the role worker runs: it opens the database by itself.";
    case "no-secret":
      return "Change that password or token, and report this with the version of Godwit.";
    default:
      return "Somebody or something has changed Godwit's records: keep a copy of its database, and report this.";
  }
}
