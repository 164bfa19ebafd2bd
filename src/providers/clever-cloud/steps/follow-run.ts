import { GodwitError } from "../../../core/failure.ts";
import { formatDuration } from "../../../core/format.ts";
import type { StepContext } from "../../../core/step.ts";
import { ApiProblem } from "../api/problem.ts";
import type { PlatformMigration } from "../api/schemas.ts";
import type { PollTimes } from "../config.ts";
import { HandOff } from "../hand-off.ts";
import { progressWords } from "../phases.ts";
import { type Platform, random } from "../platform.ts";
import { createOverdueWatch } from "./overdue.ts";
import { before } from "./subject.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** After so long the card says that it takes long. */
const LONG_MS = 120 * MINUTE_MS;
/** Polls in a row that failed before the card says so, and after which Godwit asks once a minute. */
const TOLD_AFTER = 10;
/** Polls in a row that were refused (token, right, unknown), and for how long, before a person has to look. */
const REFUSED_LIMIT = 5;
const REFUSED_MS = 2 * MINUTE_MS;
const JITTER = 0.2;

/** Which run is followed, and until when. */
export interface Following {
  readonly migrationId: string;
  readonly until: (run: PlatformMigration) => boolean;
}

/**
 * Looks at a migration until `until` says so. The platform is the truth: an interface that does not answer, an answer
 * that is not understood or a long wait never make a failure of it. Only when the platform refuses to tell does this
 * throw (`stuck`): the migration goes on there, and a person has to let Godwit see it again.
 */
export async function followRun(
  platform: Platform,
  context: StepContext,
  { migrationId, until }: Following,
): Promise<PlatformMigration> {
  const { addonId } = context.migration.source;
  const startedMs = context.clock.now().getTime();
  const askWhenOverdue = createOverdueWatch(platform, context);
  let seen: PlatformMigration | undefined;
  let [failed, refused, refusedSinceMs] = [0, 0, 0];
  for (;;) {
    try {
      seen = await platform.api.migration(addonId, migrationId, context.signal);
      [failed, refused] = [0, 0];
      if (until(seen)) return seen;
    } catch (error) {
      context.signal.throwIfAborted();
      failed += 1;
      refused = isRefusal(error) ? refused + 1 : 0;
      if (refused === 1) refusedSinceMs = context.clock.now().getTime();
      context.log.warn(
        { platformMigrationId: migrationId, failed, err: error },
        "migration could not be looked at",
      );
      const refusedMs = context.clock.now().getTime() - refusedSinceMs;
      const isLong = refusedMs >= (platform.config.refusedForMs ?? REFUSED_MS);
      if (refused >= REFUSED_LIMIT && isLong) throw blind(platform, context, { error, migrationId });
    }
    const elapsedMs = context.clock.now().getTime() - (seen?.requestDate.getTime() ?? startedMs);
    context.report({ label: labelOf(seen, { failed, elapsedMs, now: context.clock.now() }) });
    if (seen !== undefined) await askWhenOverdue(seen, elapsedMs);
    const pauseMs = failed >= TOLD_AFTER ? MINUTE_MS : pauseOf(platform.config.poll, elapsedMs);
    await context.clock.sleep(pauseMs * (1 - JITTER + 2 * JITTER * random(platform)), context.signal);
  }
}

/** Close looks at first, while most happens; a long copy needs none. */
function pauseOf({ firstMs, laterMs, slowMs }: PollTimes, elapsedMs: number): number {
  if (elapsedMs < 30 * SECOND_MS) return firstMs;
  return elapsedMs < 10 * MINUTE_MS ? laterMs : slowMs;
}

interface Look {
  readonly failed: number;
  readonly elapsedMs: number;
  readonly now: Date;
}

function labelOf(seen: PlatformMigration | undefined, { failed, elapsedMs, now }: Look): string {
  const words = seen === undefined ? "waiting for Clever Cloud's first answer" : progressWords(seen, now);
  if (failed >= TOLD_AFTER)
    return "Clever Cloud's interface does not answer; the migration goes on there, and Godwit asks again each minute";
  return elapsedMs < LONG_MS ? words : `${words}; longer than ${formatDuration(LONG_MS)}, and still at work`;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && ["token-refused", "forbidden", "not-found"].includes(error.kind);
}

/** Godwit may not look any more; what becomes of the database is decided elsewhere. */
function blind(
  { config }: Platform,
  context: StepContext,
  { error, migrationId }: { readonly error: unknown; readonly migrationId: string },
): GodwitError {
  const { code, summary, remedy } = error as ApiProblem;
  const { migration } = context;
  return new GodwitError({
    code,
    class: "stuck",
    summary: `${summary} ${migrationId} goes on there, and Godwit does not see it.`,
    remedy: `${remedy} Then press Retry from this step: Godwit goes on watching where it was.`,
    cause: new HandOff({ migration, owner: config.owner, realId: before(context).realId }),
  });
}
