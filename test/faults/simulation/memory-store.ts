import { AddonLocked, LeaseLost } from "../../../src/core/failure.ts";
import type { Migration } from "../../../src/core/migration.ts";
import type { ClaimedMessage } from "../../../src/core/outbox.ts";
import type { Lease, MigrationFilter, Store, StoreTransaction } from "../../../src/core/ports/store.ts";
import type { FenceRecord } from "../../../src/core/step.ts";
import { isTerminal, LIVE_STATES } from "../../../src/core/transitions.ts";
import { claim, markDead, markRetry, markSent, unsent } from "./memory-outbox-rows.ts";
import { abandonedBuild, MemoryTables } from "./memory-tables.ts";
import { memoryTransaction } from "./memory-transaction.ts";

/** What happens to a process at the end of a transaction: nothing, its death, or the loss of its connection. */
export type Strike = "none" | "dies" | "breaks";

const RUNNABLE = ["queued", "running", "rolling_back"];
const never = new Promise<never>(() => undefined);

/** Godwit's records in memory: transactions one after another, as PostgreSQL's would be on one row. */
export class MemoryStore implements Store {
  readonly tables: MemoryTables;
  #last: Promise<void> = Promise.resolve();

  /** @param now milliseconds since 1970, the clock of the database */
  constructor(now: () => number) {
    this.tables = new MemoryTables(now);
  }

  transaction<T>(
    work: (tx: StoreTransaction) => Promise<T>,
    strike: (point: "written" | "committed") => Strike = () => "none",
  ): Promise<T> {
    const result = this.#last.then(() => this.#run(work, strike));
    this.#last = result.then(
      ({ done }) => done,
      () => undefined,
    );
    return result.then(({ outcome }) => outcome);
  }

  underLease<T>(
    lease: Lease,
    work: (tx: StoreTransaction) => Promise<T>,
    strike?: (point: "written" | "committed") => Strike,
  ): Promise<T> {
    return this.transaction((tx) => {
      const held = this.tables.leases.get(lease.migrationId);
      if (held?.epoch !== lease.epoch || held.until === null) throw new LeaseLost(lease.migrationId);
      return work(tx);
    }, strike);
  }

  /** `done` settles with the transaction, `outcome` when its process hears of it. */
  async #run<T>(
    work: (tx: StoreTransaction) => Promise<T>,
    strike: (point: "written" | "committed") => Strike,
  ): Promise<{ done: void; outcome: Promise<T> }> {
    const { journal } = this.tables;
    journal.commit();
    try {
      const result = await work(memoryTransaction(this.tables));
      this.#assertOneLive();
      const written = strike("written");
      if (written !== "none") {
        journal.rollBack();
        return { done: undefined, outcome: after(written, result) };
      }
      journal.commit();
      return { done: undefined, outcome: after(strike("committed"), result) };
    } catch (error) {
      journal.rollBack();
      throw error;
    }
  }

  #assertOneLive(): void {
    const live = this.tables.migrations.values().filter(({ state }) => LIVE_STATES.includes(state));
    if (new Set(live.map(({ source }) => source.addonId)).size !== live.length) throw new AddonLocked();
  }

  async migration(id: string): Promise<Migration | undefined> {
    return this.tables.migration(id);
  }

  async liveMigration(addonId: string): Promise<Migration | undefined> {
    return (await this.migrations({ addonId, states: LIVE_STATES }))[0];
  }

  async migrations({ addonId, states, limit = 50 }: MigrationFilter): Promise<Migration[]> {
    const all = this.tables.migrations.values().toReversed();
    const found = all.filter(
      ({ source, state }) =>
        (addonId === undefined || source.addonId === addonId) && (states?.includes(state) ?? true),
    );
    return found.slice(0, limit).flatMap(({ id }) => this.tables.migration(id) ?? []);
  }

  async steps(migrationId: string) {
    return this.tables.steps.get(migrationId) ?? [];
  }

  async thread(key: string) {
    return this.tables.threadRef(key);
  }

  async fence(migrationId: string): Promise<FenceRecord | undefined> {
    const fence = this.tables.fences.get(migrationId);
    return fence?.liftedAt === null ? fence : undefined;
  }

  async fenceStands(migrationId: string): Promise<boolean> {
    const fence = this.tables.fences.get(migrationId);
    return fence?.liftedAt === null && fence.liftingAt === null;
  }

  async acquire(migrationId: string, owner: string, { ttlMs, steal = false }: AcquireOptions) {
    const { leases, migrations, now } = this.tables;
    const [lease, migration] = [leases.get(migrationId), migrations.get(migrationId)];
    if (!lease || !migration || !RUNNABLE.includes(migration.state)) return null;
    if (!steal && lease.until !== null && lease.until >= now()) return null;
    const epoch = lease.epoch + 1;
    leases.set(migrationId, { epoch, owner, until: now() + ttlMs });
    return { migrationId, owner, epoch };
  }

  async heartbeat({ migrationId, epoch }: Lease, ttlMs: number): Promise<Migration["desired"]> {
    const { leases, migrations, now } = this.tables;
    const lease = leases.get(migrationId);
    if (lease?.epoch !== epoch) throw new LeaseLost(migrationId);
    leases.set(migrationId, { ...lease, until: now() + ttlMs });
    return migrations.get(migrationId)?.desired ?? "run";
  }

  async release({ migrationId, epoch }: Lease): Promise<void> {
    const lease = this.tables.leases.get(migrationId);
    if (lease?.epoch === epoch) this.tables.leases.set(migrationId, { epoch, owner: null, until: null });
  }

  async idleMigrations(): Promise<string[]> {
    const { migrations, leases, now } = this.tables;
    const isIdle = (id: string) => (leases.get(id)?.until ?? 0) < now();
    return migrations
      .values()
      .flatMap(({ id, state }) => (RUNNABLE.includes(state) && isIdle(id) ? [id] : []));
  }

  async abandonedBuilds(patienceMs: number) {
    const { fences, migrations, now } = this.tables;
    return fences.values().flatMap((fence) => {
      const state = migrations.get(fence.migrationId)?.state ?? "";
      const build = ["rolled_back", "cancelled"].includes(state) && abandonedBuild(fence, now() - patienceMs);
      return build ? [build] : [];
    });
  }

  async overdueFences(): Promise<FenceRecord[]> {
    const { fences, migrations, now } = this.tables;
    return fences.values().filter(({ liftedAt, deadline, migrationId }) => {
      const migration = migrations.get(migrationId);
      if (liftedAt !== null || !migration || migration.pivotPassed) return false;
      return deadline.getTime() < now() || ["rolled_back", "cancelled"].includes(migration.state);
    });
  }

  /** Nobody freezes or schedules anything in a simulation. */
  async freeze(): Promise<undefined> {}

  async unsettledByFreeze(): Promise<[]> {
    return [];
  }

  async dueSchedules(): Promise<[]> {
    return [];
  }

  /** Simulated providers redeploy nothing by themselves. */
  async openRedeployments(): Promise<[]> {
    return [];
  }

  /** Nobody watches the clock for people in a simulation. */
  async unansweredPages(): Promise<[]> {
    return [];
  }

  async stuckSteps(): Promise<[]> {
    return [];
  }

  async staleDrafts(ageMs: number): Promise<Migration[]> {
    const { migrations, now } = this.tables;
    const isStale = ({ state, createdAt }: Migration) =>
      state === "awaiting_confirmation" && createdAt.getTime() < now() - ageMs;
    return migrations.values().filter(isStale);
  }

  async claimMessage(owner: string, ttlMs: number, platforms: readonly string[]) {
    return claim(this.tables, { owner, ttlMs, platforms });
  }

  async markSent(message: ClaimedMessage, remoteId: string): Promise<void> {
    markSent(this.tables, message, remoteId);
  }

  async markRetry(message: ClaimedMessage, retry: Parameters<Store["markRetry"]>[1]): Promise<void> {
    markRetry(this.tables, message, retry);
  }

  async markDead(message: ClaimedMessage, error: string): Promise<void> {
    markDead(this.tables, message, error);
  }

  async rootMessage(threadKey: string) {
    const root = this.tables.outboxOf(threadKey)[0];
    return root && { status: root.status, error: root.error };
  }

  async oldestUnsentMs(): Promise<number> {
    const oldest = Math.min(...unsent(this.tables).map(({ createdAt }) => createdAt));
    return Number.isFinite(oldest) ? this.tables.now() - oldest : 0;
  }

  /** Whether nothing is left to do: every migration has ended and every message is sent or given up. */
  isAtRest(): boolean {
    const isOver = this.tables.migrations.values().every(({ state }) => isTerminal(state));
    const isBuilt = this.tables.fences
      .values()
      .every(({ builders, migrationId }) => builders.length === 0 || this.#isMoved(migrationId));
    return isOver && isBuilt && unsent(this.tables).length === 0;
  }

  #isMoved(migrationId: string): boolean {
    return this.tables.migrations.get(migrationId)?.pivotPassed ?? false;
  }

  async ping(): Promise<void> {}
  async close(): Promise<void> {}
}

interface AcquireOptions {
  readonly ttlMs: number;
  readonly steal?: boolean;
}

function after<T>(strike: Strike, result: T): Promise<T> {
  if (strike === "dies") return never;
  if (strike === "breaks") return Promise.reject(new Error("Connection terminated unexpectedly"));
  return Promise.resolve(result);
}
