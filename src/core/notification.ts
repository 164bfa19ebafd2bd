import type { Failure } from "./failure.ts";
import type { Freeze } from "./freeze.ts";
import type { Loss } from "./loss.ts";
import type { Actor } from "./member.ts";
import type { Migration } from "./migration.ts";
import type { Finding } from "./preflight.ts";
import type { JsonObject, ShownStep, StuckStep } from "./step.ts";

/** What a linked application did after its restart. */
export interface RestartedApplication {
  readonly name: string;
  /** When it was first seen to use the new database; null when it was not seen in time. */
  readonly connectedAt: Date | null;
  /** What was seen: a session of its own (where left out), or no more than that the platform has deployed it again. */
  readonly evidence?: "session" | "deployment";
  readonly problem?: string;
  /** Its ID at the host; only with it can it be deployed anew. */
  readonly id?: string;
  /** Whether people can have it deployed anew, or somebody has and it is being. */
  readonly redeployment?: "offered" | "under-way";
}

/** Why support is asked to look at a migration that goes on. Holds no secret. */
export interface Concern {
  /** Stable, kebab-case; support is told of it once in a migration. */
  readonly code: string;
  /** Whole sentences. */
  readonly summary: string;
  readonly remedy: string;
  /** For operators and support, as in a failure. */
  readonly detail: string;
}

/** Where the database is after a failure, told in one sentence. */
export type SourceState = "untouched" | "returning" | "returned" | "moved" | "unknown";

/** One entry of a migration's audit trail. */
export interface TimelineEntry {
  readonly at: Date;
  readonly actor: string;
  readonly type: string;
  readonly data?: JsonObject;
}

/**
 * Everything that Godwit posts into a channel or thread. Plain data: `chat/present` turns each kind
 * into sentences, and each platform turns those into its own message.
 */
export type Notification =
  | { readonly kind: "confirmation"; readonly migration: Migration; readonly confirmable: boolean }
  | {
      readonly kind: "progress";
      readonly migration: Migration;
      readonly steps: readonly ShownStep[];
      readonly at: Date;
    }
  | { readonly kind: "read-only-began"; readonly migration: Migration }
  | { readonly kind: "read-only-ended"; readonly migration: Migration; readonly on: "new" | "old" }
  /** A switch did not come through in time and was taken back; the gate says why and what follows. */
  | { readonly kind: "switch-returned"; readonly migration: Migration }
  /** A person changed what opens the gate. */
  | { readonly kind: "gate-decided"; readonly migration: Migration; readonly by: Actor }
  | {
      readonly kind: "succeeded";
      readonly migration: Migration;
      readonly applications: readonly RestartedApplication[];
      readonly variables: readonly string[];
      readonly lostVariables?: readonly string[];
      readonly steps: readonly ShownStep[];
      readonly oldKeptUntil: Date | null;
      /** Whether a person may ask for a return to the old database. */
      readonly isRevertible?: boolean;
      /** Null when the old database follows; else why it does not. Absent where nobody would expect it to. */
      readonly notFollowing?: string | null;
      readonly loss?: Loss;
    }
  | {
      readonly kind: "failed";
      readonly migration: Migration;
      readonly stepTitle: string;
      readonly stepNumber: number;
      readonly stepCount: number;
      readonly failure: Failure;
      readonly steps: readonly ShownStep[];
      readonly source: SourceState;
      /** False once somebody has retried or solved it: its buttons would do nothing. */
      readonly isOpen: boolean;
    }
  /** Something takes far longer than it should; nothing has failed, and the migration's state is as it was. */
  | {
      readonly kind: "overdue";
      readonly migration: Migration;
      readonly stepTitle: string;
      readonly concern: Concern;
    }
  /** A step has not got on for long; people may wait, go back or call support. */
  | {
      readonly kind: "stuck";
      readonly migration: Migration;
      readonly step: StuckStep;
      readonly mayReturn: boolean;
    }
  /** A person has called support. */
  | { readonly kind: "support-called"; readonly migration: Migration; readonly by: Actor }
  /** Nobody has acknowledged a call for support in time. */
  | { readonly kind: "page-escalated"; readonly migration: Migration; readonly afterMs: number }
  /** What support needs to begin: everything that is known, in one place. Holds no secret. */
  | {
      readonly kind: "support-pack";
      readonly migration: Migration;
      readonly failure: Failure;
      readonly steps: readonly ShownStep[];
      /** The audit trail's newest entries, oldest first. */
      readonly events: readonly TimelineEntry[];
      /** The last lines of the log of the process that met the failure. */
      readonly log: readonly string[];
    }
  | {
      readonly kind: "cancelled";
      readonly migration: Migration;
      readonly by: Actor | null;
      readonly started: boolean;
    }
  | {
      readonly kind: "retrying";
      readonly migration: Migration;
      readonly by: Actor;
      readonly redo: readonly string[];
    }
  /** The migration stands still until a person lets it go on. */
  | { readonly kind: "paused"; readonly migration: Migration; readonly by: Actor | null }
  /** It starts soon; `isChecked` when it was looked at again, and nothing stands in its way. */
  | { readonly kind: "start-reminder"; readonly migration: Migration; readonly isChecked: boolean }
  /** It does not start by itself any more; its schedule says why. */
  | { readonly kind: "start-held"; readonly migration: Migration }
  | { readonly kind: "frozen"; readonly migration: Migration; readonly freeze: Freeze }
  | { readonly kind: "unfrozen"; readonly migration: Migration; readonly by: Actor | null }
  | { readonly kind: "resumed"; readonly migration: Migration; readonly by: Actor }
  | { readonly kind: "acknowledged"; readonly migration: Migration; readonly by: Actor }
  | {
      readonly kind: "solved";
      readonly migration: Migration;
      readonly by: Actor;
      /** Absent in messages from before a reason was asked for. */
      readonly reason?: string;
      /** Whole sentence for each thing that Godwit made and has not removed. */
      readonly left?: readonly string[];
    }
  | { readonly kind: "returning"; readonly migration: Migration; readonly by: Actor }
  /** A person has an application deployed anew. */
  | {
      readonly kind: "redeploying";
      readonly migration: Migration;
      readonly application: string;
      readonly by: Actor;
    }
  /** How that ended; null when it went well. */
  | {
      readonly kind: "redeployed";
      readonly migration: Migration;
      readonly application: string;
      readonly problem: string | null;
    }
  | { readonly kind: "retirement-announced"; readonly migration: Migration; readonly dropAt: Date }
  | { readonly kind: "retired"; readonly migration: Migration }
  | { readonly kind: "following-ended"; readonly migration: Migration; readonly reason: string }
  | { readonly kind: "recheck"; readonly migration: Migration; readonly findings: readonly Finding[] };
