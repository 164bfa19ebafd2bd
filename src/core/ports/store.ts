import type { Failure } from "../failure.ts";
import type { Freeze } from "../freeze.ts";
import type { Gate } from "../gate.ts";
import type { Actor, PlatformId } from "../member.ts";
import type { Migration, MigrationRequest, MigrationState } from "../migration.ts";
import type { ClaimedMessage, OutboxMessage, ThreadRef } from "../outbox.ts";
import type { Schedule } from "../schedule.ts";
import type {
  AbandonedBuild,
  AddonRelocation,
  FenceRecord,
  JsonObject,
  Step,
  StepRecord,
  StuckStep,
} from "../step.ts";
import type { MigrationPatch, StepPatch } from "./patches.ts";
import type { AskedDeployment } from "./provider.ts";

/** The right to move one migration on: every write under it fails with `LeaseLost` once `epoch` is outdated. */
export interface Lease {
  readonly migrationId: string;
  readonly epoch: number;
  readonly owner: string;
  /** Whether the holder before was not heard of any more: it has died, or hangs. */
  readonly isFollower?: boolean;
}

/** An entry of the audit trail: who did what. Holds no secret. */
export interface EventInput {
  readonly migrationId: string;
  /** `slack:U1`, `worker:…` or `system`. */
  readonly actor: string;
  /** Such as `confirmed`, `step-started`. */
  readonly type: string;
  readonly data?: JsonObject;
}

/** A deployment of a linked application that a person asked for. */
export interface NewRedeployment extends AskedDeployment {
  readonly migrationId: string;
  readonly applicationName: string;
  readonly askedBy: Actor;
}

export interface StoredRedeployment extends NewRedeployment {
  readonly id: string;
  readonly endedAt: Date | null;
  /** Whole sentence; null while it is under way, and when it went well. */
  readonly problem: string | null;
}

/** An entry of the audit trail as it was written. */
export interface PastEvent extends Omit<EventInput, "migrationId"> {
  readonly at: Date;
}

/** How far ahead a scheduled migration is looked at and reminded of, and how long one that is held waits. */
export interface ScheduleTimes {
  readonly lookAheadMs: number;
  readonly remindMs: number;
  readonly expireMs: number;
}

/** What time has brought to a scheduled migration. */
export interface DueSchedule {
  readonly migrationId: string;
  readonly due: "look" | "start" | "remind" | "expire";
}

/** Writes within one transaction. */
export interface StoreTransaction {
  insertMigration(
    id: string,
    request: MigrationRequest,
    options: {
      readonly retryOf?: string | undefined;
      readonly revertOf?: string | undefined;
      readonly state?: MigrationState;
    },
  ): Promise<Migration>;
  /** Reads with a row lock. */
  lockMigration(id: string): Promise<Migration | undefined>;
  patchMigration(id: string, patch: MigrationPatch): Promise<Migration>;
  /** Moves to another state; throws when the transition table forbids it. */
  moveMigration(id: string, to: MigrationState, patch?: MigrationPatch): Promise<Migration>;
  planSteps(migrationId: string, steps: readonly Pick<Step, "name" | "title" | "hold">[]): Promise<void>;
  patchStep(migrationId: string, step: string, patch: StepPatch): Promise<void>;
  steps(migrationId: string): Promise<readonly StepRecord[]>;
  append(event: EventInput): Promise<void>;
  /** Whether a migration has an event of this type whose data holds all of `data`. */
  hasEvent(event: Omit<EventInput, "actor">): Promise<boolean>;
  /** The newest entries of a migration, oldest first. */
  events(migrationId: string, limit: number): Promise<readonly PastEvent[]>;
  openThread(thread: {
    readonly key: string;
    readonly platform: PlatformId;
    readonly workspace: string;
    readonly channel: string;
    /** The thread that this one follows: what is sent there is sent here too. */
    readonly mirrorOf?: string;
  }): Promise<void>;
  send(message: OutboxMessage): Promise<void>;
  /** False when this delivery was recorded before: its effect must not happen again. */
  receive(platform: PlatformId, deliveryId: string): Promise<boolean>;
  /** Notes that support was called. */
  callSupport(migrationId: string): Promise<void>;
  /** Notes that somebody looks after every call of a migration. */
  answerSupport(migrationId: string): Promise<void>;
  /** False when the call was answered or escalated before. */
  escalatePage(migrationId: string, afterMs: number): Promise<boolean>;
  /** False when it was told of this silence before, or the step has got on. */
  markStuck(migrationId: string, step: string): Promise<boolean>;
  recordFence(fence: FenceRecord): Promise<void>;
  /** Stores where the gate stands; `Migration.gate` shows it. */
  putGate(migrationId: string, gate: Gate): Promise<void>;
  /** Stores when a migration starts; `Migration.schedule` shows it. */
  putSchedule(migrationId: string, schedule: Schedule): Promise<void>;
  /** Whether its start has come, by the database's clock. */
  isDue(migrationId: string): Promise<boolean>;
  /** False when people were reminded before. */
  markReminded(migrationId: string): Promise<boolean>;
  /** The freeze that stands; no other begins or ends before this transaction is over. */
  freeze(): Promise<Freeze | undefined>;
  /** Undefined when one stands already. */
  beginFreeze(reason: string, by: Actor): Promise<Freeze | undefined>;
  /** The one that was ended; undefined when none stood. */
  endFreeze(by: Actor): Promise<Freeze | undefined>;
  /** Notes that a migration was told of a freeze. */
  markFrozen(migrationId: string, freeze: Freeze): Promise<void>;
  /** Notes that a migration was told that its freeze is over; undefined when another process was first. */
  markThawed(migrationId: string): Promise<{ readonly by: Actor | null } | undefined>;
  /** Notes that the fence is about to be taken away, before it is: whoever builds it from now on does so in vain. */
  beginLift(migrationId: string): Promise<void>;
  /** Notes who builds the fence, before it is touched; that it is proved to be wanted then, or taken away, ends it. */
  beginBuild(migrationId: string, builder: string): Promise<void>;
  /** Of this migration, when its fence is lifted now. */
  abandonedBuild(migrationId: string, patienceMs: number): Promise<AbandonedBuild | undefined>;
  /** Of this builder; of all without one. */
  endBuild(migrationId: string, builder?: string): Promise<void>;
  /** False when it was lifted before, or never stood. */
  liftFence(migrationId: string): Promise<boolean>;
  /** False while another redeployment of the same application is under way: nothing is stored. */
  openRedeployment(redeployment: NewRedeployment): Promise<boolean>;
  /** Notes how a redeployment ended; false when another process did it before, which then tells it. */
  endRedeployment(id: string, end: { readonly at: Date; readonly problem: string | null }): Promise<boolean>;
  /** Of one migration, oldest first. */
  redeployments(migrationId: string): Promise<readonly StoredRedeployment[]>;
  /** Sets `pivotPassed` and moves the add-on; the old location becomes a retired database. */
  passPivot(migrationId: string, change: AddonRelocation): Promise<void>;
}

/** Reads, leases, the sender's claims. */
export interface Store {
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
  /** As `transaction`, and throws `LeaseLost` unless the lease is current. */
  underLease<T>(lease: Lease, work: (tx: StoreTransaction) => Promise<T>): Promise<T>;

  migration(id: string): Promise<Migration | undefined>;
  /** The migration that holds an add-on, if any. */
  liveMigration(addonId: string): Promise<Migration | undefined>;
  migrations(filter: MigrationFilter): Promise<readonly Migration[]>;
  steps(migrationId: string): Promise<readonly StepRecord[]>;
  thread(key: string): Promise<ThreadRef | undefined>;
  fence(migrationId: string): Promise<FenceRecord | undefined>;
  /** False as soon as somebody begins to take it away. */
  fenceStands(migrationId: string): Promise<boolean>;

  freeze(): Promise<Freeze | undefined>;
  /** Migrations that were not told of the freeze that stands, or that theirs is over. */
  unsettledByFreeze(): Promise<readonly string[]>;

  /** Takes a runnable migration whose lease is free; `steal` takes it from its holder. Null when there is nothing to take. */
  acquire(
    migrationId: string,
    owner: string,
    options: { readonly ttlMs: number; readonly steal?: boolean },
  ): Promise<Lease | null>;
  /** Prolongs the lease and tells what people want; a freeze is a pause. Throws `LeaseLost`. */
  heartbeat(lease: Lease, ttlMs: number): Promise<Migration["desired"]>;
  release(lease: Lease): Promise<void>;

  /** Migrations that should be moving and that nobody holds. */
  idleMigrations(): Promise<readonly string[]>;
  dueSchedules(times: ScheduleTimes): Promise<readonly DueSchedule[]>;
  /** Of migrations that were turned back; `isOver` when that was longer ago than `patienceMs`. */
  abandonedBuilds(patienceMs: number): Promise<readonly AbandonedBuild[]>;
  /** Fences whose migration has not passed the pivot: past their deadline, or of one that has ended. */
  overdueFences(): Promise<readonly FenceRecord[]>;
  /** Redeployments whose end nobody has seen. */
  openRedeployments(): Promise<readonly StoredRedeployment[]>;
  /** Migrations whose call for support nobody has answered for so long, and that was not escalated. */
  unansweredPages(afterMs: number): Promise<readonly string[]>;
  /** Running steps without progress for longer than `floorMs` and than `factor` times their longest past run, once each. */
  stuckSteps(limits: { readonly floorMs: number; readonly factor: number }): Promise<readonly StuckStep[]>;
  /** Drafts nobody confirmed, older than `ageMs`. */
  staleDrafts(ageMs: number): Promise<readonly Migration[]>;

  /** Claims the oldest unsent message of some thread that is not blocked. */
  claimMessage(
    owner: string,
    ttlMs: number,
    platforms: readonly PlatformId[],
  ): Promise<ClaimedMessage | undefined>;
  markSent(message: ClaimedMessage, remoteId: string): Promise<void>;
  markRetry(
    message: ClaimedMessage,
    retry: { readonly delayMs: number; readonly doubtful: boolean; readonly error: string },
  ): Promise<void>;
  /** Gives a message up: it will never be delivered. Following messages go on. */
  markDead(message: ClaimedMessage, error: string): Promise<void>;
  /** How the first message of a thread fared. */
  rootMessage(
    threadKey: string,
  ): Promise<{ readonly status: string; readonly error: string | null } | undefined>;
  /** Age of the oldest unsent message in milliseconds; 0 when all are sent. */
  oldestUnsentMs(): Promise<number>;

  /** Round trip; rejects when the database cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface MigrationFilter {
  readonly addonId?: string;
  readonly states?: readonly MigrationState[];
  readonly limit?: number;
}

/** How an actor is written in the audit trail. */
export function actorName(actor: Actor): string {
  return `${actor.platform}:${actor.id}`;
}

/** A failure without what only operators see, for events. */
export function failureFacts(failure: Failure): JsonObject {
  return { code: failure.code, step: failure.step, summary: failure.summary };
}
