import type { MigrationState } from "./migration.ts";
import type { JsonObject, StepStatus } from "./step.ts";

/** Everything that is kept of one migration, as an audit reads it. */
export interface Records {
  readonly migration: KeptMigration;
  /** In the order of their numbers. */
  readonly events: readonly KeptEvent[];
  readonly steps: readonly KeptStep[];
  /** Of its thread and of the threads that follow it, in the order of each. */
  readonly messages: readonly KeptMessage[];
  readonly fence: KeptFence | null;
  readonly lease: KeptLease | null;
}

export interface KeptMigration {
  readonly id: string;
  readonly addonId: string;
  readonly state: MigrationState;
  readonly pivotPassed: boolean;
  readonly threadKey: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface KeptEvent {
  readonly sequence: number;
  readonly at: Date;
  readonly actor: string;
  readonly type: string;
  readonly data: JsonObject;
  /** Whether its hash is the one of its content. */
  readonly sealed: boolean;
  /** Whether it names the hash of the event before. */
  readonly chained: boolean;
}

export interface KeptStep {
  readonly name: string;
  readonly sequence: number;
  readonly status: StepStatus;
}

export interface KeptMessage {
  readonly threadKey: string;
  readonly sequence: number;
  readonly kind: "post" | "edit";
  readonly messageKey: string;
  readonly status: "pending" | "sending" | "sent" | "superseded" | "dead";
  readonly remoteId: string | null;
  readonly sentAt: Date | null;
  readonly createdAt: Date;
  /** The kind of its notification. */
  readonly tells: string;
  /** The migration that it speaks of; a retry goes on in the thread of the one that failed. */
  readonly migrationId: string;
}

export interface KeptFence {
  readonly deadline: Date;
  readonly liftedAt: Date | null;
}

export interface KeptLease {
  readonly epoch: number;
  /** Null when nobody holds it. */
  readonly until: Date | null;
}
