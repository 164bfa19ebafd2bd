import { isDeepStrictEqual } from "node:util";
import type { Progress, Step } from "../../core/step.ts";
import { editCard } from "../announce.ts";
import type { Session } from "./session.ts";

interface ProgressSource {
  readonly latestProgress: () => Progress | null;
  readonly until: AbortSignal;
}

/**
 * Writes the card every few seconds while a step runs, also when only the time has gone on. The first time comes
 * soon also where the later ones are rare.
 */
export async function writeProgress(session: Session, step: Step, source: ProgressSource): Promise<void> {
  const { clock, timings, log, wakeSender } = session.deps;
  const { migrationId } = session.lease;
  let last: Progress | null = null;
  const everyMs = Math.max(step.progressMs ?? 0, timings.progressMs);
  for (let pauseMs = timings.progressMs; ; pauseMs = everyMs) {
    await clock.sleep(pauseMs, source.until).catch(() => undefined);
    if (source.until.aborted || session.halt.aborted) return;
    try {
      await session.write(async (tx) => {
        // Before the card is drawn: another's change that is not committed yet would be drawn over.
        await tx.lockMigration(migrationId);
        const progress = source.latestProgress();
        const isNew = !isDeepStrictEqual(progress, last);
        last = progress;
        const patch = { progress, ...(isNew && { progressedAt: clock.now() }) };
        if (progress) await tx.patchStep(migrationId, step.name, patch);
        await editCard(tx, await tx.patchMigration(migrationId, {}), clock.now());
      });
      wakeSender();
    } catch {
      log.debug({ migrationId, step: step.name }, "progress could not be written");
    }
  }
}
