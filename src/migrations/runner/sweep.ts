import type { Migration } from "../../core/migration.ts";
import { describeError } from "../../core/redact.ts";
import type { FenceRecord } from "../../core/step.ts";
import { editRoot, post } from "../announce.ts";
import { providerNamed } from "../find-addon.ts";
import { advance, type Driver } from "./drive.ts";
import { fail } from "./fail.ts";
import { withSession } from "./session.ts";

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
  const rung = new Map<string, number>();
  let housekeepingAt = 0;
  while (!shutdown.aborted) {
    await guarded(driver, "ringing for idle migrations", () => ringForIdle(driver, rung));
    await guarded(driver, "lifting overdue fences", () => liftOverdueFences(driver));
    await guarded(driver, "expiring drafts", () => expireDrafts(driver));
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

/** Takes over each migration whose source is read-only for too long, whoever holds it, and turns it back. */
export async function liftOverdueFences(driver: Driver): Promise<void> {
  for (const fence of await driver.deps.store.overdueFences()) {
    await guarded(driver, "lifting a fence", () => liftOverdueFence(driver, fence));
  }
}

async function liftOverdueFence({ deps, owner, shutdown }: Driver, fence: FenceRecord): Promise<void> {
  const { migrationId } = fence;
  const provider = providerNamed(deps, fence.providerName);
  const lease = await deps.store.acquire(migrationId, owner, { ttlMs: deps.timings.leaseMs, steal: true });
  if (!lease) {
    await provider.unfence(fence, shutdown);
    await deps.store.transaction(async (tx) => {
      await tx.liftFence(migrationId);
      await tx.append({ migrationId, actor: "system", type: "fence-lifted" });
    });
    return;
  }
  await withSession({ deps, provider, lease, shutdown }, async (session) => {
    if ((await session.read()).state === "running")
      await fail(session, await overdue(session.deps, migrationId));
    await advance(session);
  });
  await deps.store.release(lease);
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
