import type { DatabaseAccess, EngineCall } from "../../../core/ports/engine.ts";
import { inParallel } from "../pool.ts";
import { asOwner, withSession } from "../session.ts";
import type { SchemaEntry } from "./entries.ts";
import { RESTORE_SETTINGS, restoreEntry } from "./restore-entries.ts";
import { Schedule } from "./schedule.ts";

/** Builds indexes, constraints and triggers in parallel, as the target's owner. */
export async function buildPostData(
  target: DatabaseAccess,
  entries: readonly SchemaEntry[],
  { call, jobs }: { readonly call: EngineCall; readonly jobs: number },
): Promise<void> {
  const schedule = new Schedule(entries);
  const workers = Math.min(jobs, entries.length);
  let done = 0;
  await inParallel(workers, call.signal, async (signal) => {
    const wake = (): void => schedule.wakeAll();
    signal.addEventListener("abort", wake, { once: true });
    const settings = { ...RESTORE_SETTINGS, maintenance_work_mem: "256MB" };
    const options = { name: "godwit build", signal, settings };
    await withSession(asOwner(target), options, async (client) => {
      for (;;) {
        const entry = await schedule.take(signal);
        if (entry === null) return;
        call.report({ label: `building ${entry.label} (${done + 1} of ${entries.length})` });
        await restoreEntry(client, entry, call.log);
        done += 1;
        schedule.finish(entry);
      }
    });
  });
}
