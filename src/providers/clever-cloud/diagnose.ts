import { GodwitError } from "../../core/failure.ts";
import type { Diagnosis } from "../../core/ports/provider.ts";
import { kindOf } from "./kinds.ts";
import type { Platform } from "./platform.ts";

const DAY_MS = 86_400_000;
/** Operators hear of a token that runs out this long before. */
const WARN_DAYS = 14;
const RENEW = "Make a new one as docs/clever-cloud.md says, and write its day into expires in godwit.yaml.";

/** Looks whether the organisation can be read and how long the credentials last. */
export async function diagnose(platform: Platform, signal: AbortSignal): Promise<readonly Diagnosis[]> {
  return [await diagnoseOwner(platform, signal), ...diagnoseExpiry(platform)];
}

async function diagnoseOwner({ api, config, log }: Platform, signal: AbortSignal): Promise<Diagnosis> {
  const subject = `organisation ${config.owner}`;
  try {
    const addons = await api.addons(signal);
    const own = addons.filter(({ provider }) => kindOf(provider.id, config) !== undefined);
    const detail =
      own.length === 1 ? "1 database that can be migrated" : `${own.length} databases that can be migrated`;
    return { subject, ok: true, detail };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GodwitError)) throw error;
    log.warn({ owner: config.owner, err: error }, "organisation not diagnosed");
    return { subject, ok: false, detail: error.summary, remedy: error.remedy };
  }
}

function diagnoseExpiry({ config, clock }: Platform): Diagnosis[] {
  if (config.expires === null) return [];
  const subject = `credentials of ${config.name}`;
  const days = Math.floor((config.expires.getTime() - clock.now().getTime()) / DAY_MS);
  const day = config.expires.toISOString().slice(0, 10);
  if (days < 0) return [{ subject, ok: false, detail: `They ran out on ${day}.`, remedy: RENEW }];
  if (days < WARN_DAYS) return [{ subject, ok: false, detail: `They run out on ${day}.`, remedy: RENEW }];
  return [{ subject, ok: true, detail: `good until ${day}` }];
}
