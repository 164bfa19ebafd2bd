import { crashPoint } from "../../core/crash-point.ts";
import type { Failure } from "../../core/failure.ts";
import { GATE_STEP } from "../../core/gate.ts";
import type { Migration } from "../../core/migration.ts";
import { describeError } from "../../core/redact.ts";
import type { FenceRecord } from "../../core/step.ts";
import { editRoot, post, tellWritable } from "../announce.ts";
import { providerNamed } from "../find-addon.ts";
import { settleFreeze } from "../settle-freeze.ts";
import { escalatePages } from "../watch/escalate-pages.ts";
import { tellStuck } from "../watch/tell-stuck.ts";
import { createOutboxWatch } from "../watch/watch-outbox.ts";
import { watchRedeployments } from "../watch-redeployments.ts";
import { advance, type Driver } from "./drive.ts";
import { fail } from "./fail.ts";
import { returnToGate } from "./return-to-gate.ts";
import { type Session, withSession } from "./session.ts";
import { sweepSchedules } from "./sweep-schedules.ts";
import { takeLateFenceAway } from "./take-late-fence-away.ts";

/** A migration that was rung for is not rung for again within this time, whatever the queue does with it. */
const RING_AGAIN_MS = 15_000;
/** Providers do their housekeeping at this interval. */
const HOUSEKEEPING_MS = 60_000;

/**
 * Looks at everything that time brings, until the process ends: migrations that should be moving, fences
 * past their deadline, drafts nobody confirmed, old databases past their retention.
 */
export async function sweepUntilShutdown(driver: Driver): Promise<void> {
  const { deps, shutdown } = driver;
  const watchOutbox = createOutboxWatch();
  const rung = new Map<string, number>();
  let housekeepingAt = 0;
  while (!shutdown.aborted) {
    await guarded(driver, "ringing for idle migrations", () => ringForIdle(driver, rung));
    await guarded(driver, "lifting overdue fences", () => liftOverdueFences(driver));
    await guarded(driver, "taking late fences away", () => takeLateFencesAway(driver));
    await guarded(driver, "settling schedules", () => sweepSchedules(driver));
    await guarded(driver, "settling a freeze", () => settleFreeze(deps));
    await guarded(driver, "expiring drafts", () => expireDrafts(driver));
    await guarded(driver, "escalating calls for support", () => escalatePages(driver.deps));
    await guarded(driver, "looking for stuck steps", () => tellStuck(driver.deps));
    await guarded(driver, "watching the outbox", () => watchOutbox(driver.deps));
    await guarded(driver, "looking after deployments", () => watchRedeployments(deps));
    if (performance.now() >= housekeepingAt) {
      await guarded(driver, "housekeeping", () => keepHouse(driver));
      housekeepingAt = performance.now() + HOUSEKEEPING_MS;
    }
    await deps.clock.sleep(deps.timings.sweepMs, shutdown).catch(() => undefined);
  }
}

async function guarded({ deps, shutdown }: Driver, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!shutdown.aborted) deps.log.warn({ detail: describeError(error) }, `${what} stopped`);
  }
}

async function ringForIdle({ deps }: Driver, rung: Map<string, number>): Promise<void> {
  const now = performance.now();
  for (const [id, at] of rung) if (now - at > RING_AGAIN_MS) rung.delete(id);
  for (const id of await deps.store.idleMigrations()) {
    if (rung.has(id)) continue;
    await deps.queue.ring(id);
    rung.set(id, now);
  }
}

/**
 * Takes over each migration whose source is read-only for too long, whoever holds it, and turns it back; all
 * at once, since one server that does not answer must not keep the others' databases closed.
 */
export async function liftOverdueFences(driver: Driver): Promise<void> {
  const overdue = await driver.deps.store.overdueFences();
  await Promise.all(
    overdue.map((fence) => guarded(driver, "lifting a fence", () => liftOverdueFence(driver, fence))),
  );
}

/** Looks again first: since the list was read, another process may have lifted this fence. */
async function liftOverdueFence(driver: Driver, fence: FenceRecord): Promise<void> {
  const { deps, owner, shutdown } = driver;
  const { migrationId } = fence;
  const found = await deps.store.migration(migrationId);
  if (!found || found.pivotPassed || !(await deps.store.fence(migrationId))) return;
  const isTurningBack = found.state === "rolling_back";
  const provider = providerNamed(deps, fence.providerName);
  // Whoever is turning back already is only disturbed when its lease has run out.
  const options = { ttlMs: deps.timings.leaseMs, steal: !isTurningBack };
  const lease = await deps.store.acquire(migrationId, owner, options);
  if (!lease) return isTurningBack ? undefined : unfenceUnled(driver, fence);
  crashPoint("watchdog: took over");
  await withSession({ deps, provider, lease, shutdown }, async (session) => {
    const { state, pivotPassed } = await session.read();
    if (state === "running" && !pivotPassed)
      await giveBack(session, await overdue(session.deps, migrationId));
    await advance(session);
  });
  await deps.store.release(lease);
}

/** A migration with a gate keeps its copy and returns to the gate; any other is turned back. */
async function giveBack(session: Session, failure: Failure): Promise<void> {
  const steps = session.provider.steps(await session.read());
  if (steps.some(({ name }) => name === GATE_STEP)) await returnToGate(session, failure);
  else await fail(session, failure);
}

/** Lifts the fence of a migration that no worker may move on: it has ended or waits for support. */
async function unfenceUnled({ deps, shutdown }: Driver, fence: FenceRecord): Promise<void> {
  const { migrationId } = fence;
  await deps.store.transaction((tx) => tx.beginLift(migrationId));
  await providerNamed(deps, fence.providerName).unfence(fence, shutdown);
  crashPoint("watchdog: opened");
  await deps.store.transaction(async (tx) => {
    await tx.lockMigration(migrationId);
    if (!(await tx.liftFence(migrationId))) return;
    await tx.append({ migrationId, actor: "system", type: "fence-lifted" });
    await tellWritable(tx, migrationId, deps.clock.now());
  });
  deps.wakeSender();
}

/**
 * A worker that was suspended while it built a fence and is killed as it wakes leaves a database closed that nobody
 * wants closed. While one may still wake up, what it may have built is taken away at each sweep; nothing there is no harm.
 */
export async function takeLateFencesAway({ deps, shutdown }: Driver): Promise<void> {
  for (const build of await deps.store.abandonedBuilds(deps.timings.lateBuildMs))
    await takeLateFenceAway(deps, build, shutdown);
}

async function overdue(deps: Driver["deps"], migrationId: string) {
  const steps = await deps.store.steps(migrationId);
  const current =
    steps.find(({ status }) => status === "running") ?? steps.find(({ status }) => status === "pending");
  return {
    code: "fence-deadline",
    step: current?.name ?? "fence",
    summary: "The database was read-only for longer than the limit allows, so it goes back into service.",
    remedy: "Ask support why the copy took so long, or raise fenceLimit in godwit.yaml.",
    detail: "the fence's deadline passed before the pivot",
  };
}

async function expireDrafts({ deps }: Driver): Promise<void> {
  for (const draft of await deps.store.staleDrafts(deps.timings.draftMs)) {
    await deps.store.transaction(async (tx) => {
      const found = await tx.lockMigration(draft.id);
      if (found?.state !== "awaiting_confirmation") return;
      const migration: Migration = await tx.moveMigration(draft.id, "expired", {
        finishedAt: deps.clock.now(),
      });
      await tx.append({ migrationId: draft.id, actor: "system", type: "expired" });
      await editRoot(tx, migration);
    });
  }
}

async function keepHouse({ deps, shutdown }: Driver): Promise<void> {
  for (const provider of deps.providers) {
    for (const news of await provider.sweep(deps.clock.now(), shutdown)) {
      await deps.store.transaction(async (tx) => {
        const migration = await tx.lockMigration(news.migrationId);
        if (!migration) return;
        await tx.append({ migrationId: news.migrationId, actor: "system", type: news.kind });
        const told = news.kind === "retired" ? { kind: news.kind, migration } : { ...news, migration };
        await post(tx, migration, "note", told);
      });
    }
  }
}
