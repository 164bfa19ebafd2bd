import { LeaseLost } from "../../core/failure.ts";
import type { Migration } from "../../core/migration.ts";
import type { Provider } from "../../core/ports/provider.ts";
import type { Lease, StoreTransaction } from "../../core/ports/store.ts";
import type { Dependencies } from "../dependencies.ts";

/** Part of a lease's time after which a worker that was not heard takes it for lost. */
const LEASE_SHARE = 0.8;

/** Reasons for which a running step is told to stop. */
export type StopReason = "lost" | "shutdown" | "cancel" | "hold";

/** One worker's hold on one migration. */
export interface Session {
  readonly deps: Dependencies;
  readonly provider: Provider;
  readonly lease: Lease;
  /** Aborted with a `StopReason` when this worker lost the migration or shuts down. */
  readonly halt: AbortSignal;
  /** Aborted when a person asked to cancel. */
  readonly cancel: AbortSignal;
  /** Aborted while the migration is to stand still; another one after that was taken back. */
  hold(): AbortSignal;
  /** Writes under the lease; once it is lost, throws `LeaseLost` and stops the running step. */
  write<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
  read(): Promise<Migration>;
}

interface SessionInput {
  readonly deps: Dependencies;
  readonly provider: Provider;
  readonly lease: Lease;
  readonly shutdown: AbortSignal;
}

/**
 * Runs `work` while the lease is kept up by heartbeats. The lease counts as lost as soon as no heartbeat
 * succeeded for 80 % of its time, so that this worker stops before another may start.
 */
export async function withSession(
  input: SessionInput,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const { deps, lease, shutdown } = input;
  const [lost, cancel, done] = [new AbortController(), new AbortController(), new AbortController()];
  let hold = new AbortController();
  const onDesire = (desired: Migration["desired"]): void => {
    if (desired === "cancel") cancel.abort("cancel" satisfies StopReason);
    if (desired === "pause") hold.abort("hold" satisfies StopReason);
    else if (hold.signal.aborted) hold = new AbortController();
  };
  const halt = AbortSignal.any([lost.signal, shutdown]);
  const session: Session = {
    ...input,
    halt,
    cancel: cancel.signal,
    hold: () => hold.signal,
    write: (act) => writeOrLose(deps.store.underLease(lease, act), lost),
    read: () => readOwn(deps, lease),
  };
  const heartbeats = keepLease({ deps, lease, lost, onDesire, until: done.signal });
  try {
    await work(session);
  } finally {
    done.abort();
    await heartbeats;
  }
}

interface Beat {
  readonly deps: Dependencies;
  readonly lease: Lease;
  readonly lost: AbortController;
  readonly onDesire: (desired: Migration["desired"]) => void;
  readonly until: AbortSignal;
}

async function keepLease({ deps, lease, lost, onDesire, until }: Beat): Promise<void> {
  const { leaseMs, heartbeatMs } = deps.timings;
  let lastBeat = performance.now();
  while (!until.aborted && !lost.signal.aborted) {
    try {
      const started = performance.now();
      const patienceMs = lastBeat + leaseMs * LEASE_SHARE - started;
      onDesire(await inTime(deps.store.heartbeat(lease, leaseMs), patienceMs));
      lastBeat = started;
    } catch (error) {
      const overdue = performance.now() - lastBeat >= leaseMs * LEASE_SHARE;
      if (error instanceof LeaseLost || overdue) lost.abort("lost" satisfies StopReason);
      else deps.log.warn({ migrationId: lease.migrationId }, "heartbeat did not get through");
    }
    await deps.clock.sleep(heartbeatMs, until).catch(() => undefined);
  }
}

/** A connection that hangs never answers, so the answer is waited for only as long as the lease allows. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("a heartbeat has not got through in time")), Math.max(0, ms));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function writeOrLose<T>(writing: Promise<T>, lost: AbortController): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    if (error instanceof LeaseLost) lost.abort("lost" satisfies StopReason);
    throw error;
  }
}

async function readOwn(deps: Dependencies, lease: Lease): Promise<Migration> {
  const migration = await deps.store.migration(lease.migrationId);
  if (!migration) throw new Error(`reading migration ${lease.migrationId}: there is none`);
  if (migration.epoch !== lease.epoch) throw new LeaseLost(lease.migrationId);
  return migration;
}
