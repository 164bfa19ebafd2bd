import { describeError } from "../../core/redact.ts";
import { settleSchedule } from "../schedule/settle-schedule.ts";
import type { Driver } from "./drive.ts";

/** A look at a database before its migration starts takes no longer. */
const LOOK_MS = 60_000;

/** Does what time has brought to scheduled migrations; one that fails keeps none of the others waiting. */
export async function sweepSchedules({ deps, shutdown }: Driver): Promise<void> {
  const { lookAheadMs, remindMs, draftMs } = deps.timings;
  const due = await deps.store.dueSchedules({ lookAheadMs, remindMs, expireMs: draftMs });
  for (const one of due) {
    const signal = AbortSignal.any([shutdown, AbortSignal.timeout(LOOK_MS)]);
    await settleSchedule(deps, one, signal).catch((error: unknown) => {
      if (shutdown.aborted) return;
      deps.log.warn({ ...one, detail: describeError(error) }, "scheduled migration not settled");
    });
  }
}
