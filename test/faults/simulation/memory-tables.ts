import type { Gate } from "../../../src/core/gate.ts";
import type { PlatformId } from "../../../src/core/member.ts";
import type { Migration } from "../../../src/core/migration.ts";
import type { OutboxMessage, ThreadRef } from "../../../src/core/outbox.ts";
import type {
  AbandonedBuild,
  AddonRelocation,
  FenceRecord,
  JsonObject,
  StepRecord,
} from "../../../src/core/step.ts";
import { Journal, Table } from "./table.ts";

export interface LeaseRow {
  readonly epoch: number;
  readonly owner: string | null;
  readonly until: number | null;
}

export interface EventRow {
  readonly migrationId: string;
  readonly sequence: number;
  readonly at: number;
  readonly actor: string;
  readonly type: string;
  readonly data: JsonObject;
}

export interface ThreadRow extends ThreadRef {
  readonly nextSequence: number;
  readonly mirrorOf: string | null;
}

export interface OutboxRow {
  readonly id: string;
  readonly sequence: number;
  readonly nonce: string;
  readonly message: OutboxMessage;
  readonly status: "pending" | "sending" | "sent" | "superseded" | "dead";
  readonly attempts: number;
  readonly doubtful: boolean;
  readonly nextAt: number;
  readonly claimUntil: number;
  readonly remoteId: string | null;
  readonly error: string | null;
  readonly createdAt: number;
  readonly sentAt: number | null;
}

export interface FenceRow extends FenceRecord {
  readonly builders: readonly string[];
  readonly liftingAt: number | null;
  readonly liftedAt: number | null;
}

/** As the store in PostgreSQL sees it. */
export function abandonedBuild(fence: FenceRow | undefined, since: number): AbandonedBuild | undefined {
  if (!fence || fence.liftedAt === null || fence.builders.length === 0) return undefined;
  return { fence, isOver: fence.liftedAt < since };
}

/** Every table of Godwit's own database that a migration touches. */
export class MemoryTables {
  readonly now: () => number;
  readonly journal = new Journal();
  readonly migrations = new Table<string, Migration>(this.journal);
  readonly leases = new Table<string, LeaseRow>(this.journal);
  readonly steps = new Table<string, readonly StepRecord[]>(this.journal);
  readonly events = new Table<string, readonly EventRow[]>(this.journal);
  readonly threads = new Table<string, ThreadRow>(this.journal);
  readonly outbox = new Table<string, OutboxRow>(this.journal);
  readonly inbox = new Table<string, true>(this.journal);
  readonly fences = new Table<string, FenceRow>(this.journal);
  readonly gates = new Table<string, Gate>(this.journal);
  readonly relocations = new Table<string, AddonRelocation>(this.journal);

  constructor(now: () => number) {
    this.now = now;
  }

  /** A migration with what other tables hold of it. */
  migration(id: string): Migration | undefined {
    const row = this.migrations.get(id);
    return row && { ...row, epoch: this.leases.get(id)?.epoch ?? 0, gate: this.gates.get(id) ?? null };
  }

  threadRef(key: string): ThreadRef | undefined {
    const row = this.threads.get(key);
    if (!row) return undefined;
    const { platform, workspace, channel, rootId } = row;
    return { key, platform: platform satisfies PlatformId, workspace, channel, rootId };
  }

  outboxOf(threadKey: string): OutboxRow[] {
    const own = this.outbox.values().filter(({ message }) => message.threadKey === threadKey);
    return own.toSorted((one, other) => one.sequence - other.sequence);
  }
}
