import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Owned, Ownership } from "../core/ports/ownership.ts";

/** How long things take; all in milliseconds. */
interface OwnershipTimes {
  /** A holder that was not heard of for so long has lost its right. */
  readonly ttlMs: number;
  /** How often a holder prolongs its right and others ask for it. */
  readonly beatMs: number;
}

const TIMES: OwnershipTimes = { ttlMs: 10_000, beatMs: 1_500 };
/** A holder stops this early, before another may begin. */
const SAFE_SHARE = 0.7;

interface OwnershipOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly times?: OwnershipTimes;
}

/** Rights as rows that run out, by the clock of the database. */
export function createOwnership({ pool, clock, log, times = TIMES }: OwnershipOptions): Ownership {
  return {
    async own(name, signal) {
      const holder = randomBytes(9).toString("hex");
      const take = () => takeRow(pool, { name, holder, ttlMs: times.ttlMs });
      while (!(await take().catch(() => false))) await clock.sleep(times.beatMs, signal);
      log.info({ name }, "ownership taken");
      return hold({ take, clock, log, times, name, release: () => releaseRow(pool, name, holder) });
    },
  };
}

interface Holding {
  readonly name: string;
  readonly take: () => Promise<boolean>;
  readonly release: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly times: OwnershipTimes;
}

function hold(holding: Holding): Owned {
  const [lost, ending] = [new AbortController(), new AbortController()];
  const beating = beatUntil(holding, lost, ending.signal);
  return {
    lost: lost.signal,
    async release() {
      ending.abort();
      await beating;
      await holding.release().catch(() => undefined);
    },
  };
}

async function beatUntil(holding: Holding, lost: AbortController, ending: AbortSignal): Promise<void> {
  const { clock, times, log, name } = holding;
  let kept = clock.now().getTime();
  while (await pause(clock, times.beatMs, ending)) {
    const asked = clock.now().getTime();
    const safeMs = times.ttlMs * SAFE_SHARE - (asked - kept);
    const isMine = await takeWithin(holding, Math.max(0, safeMs));
    // The right runs from the question at the earliest, however long its answer took.
    if (isMine) kept = asked;
    const isLate = clock.now().getTime() - kept > times.ttlMs * SAFE_SHARE;
    if (isMine !== false && !isLate) continue;
    log.warn({ name }, "ownership lost");
    return lost.abort(new Error(`the ownership of ${name} was lost`));
  }
}

/** Null when the database cannot say, or keeps silent for so long. */
async function takeWithin({ take, clock }: Holding, ms: number): Promise<boolean | null> {
  const answered = new AbortController();
  const silence = clock.sleep(ms, answered.signal).then(
    () => null,
    () => null,
  );
  try {
    return await Promise.race([take().catch(() => null), silence]);
  } finally {
    answered.abort();
  }
}

/** False when it was ended. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  );
}

interface Row {
  readonly name: string;
  readonly holder: string;
  readonly ttlMs: number;
}

async function takeRow(pool: Pool, { name, holder, ttlMs }: Row): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO godwit.ownerships AS o (name, owner, until)
     VALUES ($1, $2, clock_timestamp() + $3 * interval '1 ms')
     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
     WHERE o.owner = excluded.owner OR o.until < clock_timestamp()`,
    [name, holder, ttlMs],
  );
  return rowCount === 1;
}

async function releaseRow(pool: Pool, name: string, holder: string): Promise<void> {
  await pool.query("DELETE FROM godwit.ownerships WHERE name = $1 AND owner = $2", [name, holder]);
}
