import type { Plan } from "../plan.ts";
import type { Finding, WindowEstimate } from "../preflight.ts";
import type { Proof } from "../proof.ts";
import type { Secret } from "../secret.ts";
import type { JsonObject, Progress } from "../step.ts";
import type { Strategy } from "../target.ts";
import type { Verdict } from "../verdict.ts";
import type { Clock } from "./clock.ts";
import type { EngineCapabilities } from "./engine-capabilities.ts";
import type { Log } from "./log.ts";
import type { Replication } from "./replication.ts";
import type { Reversal } from "./reversal.ts";
import type { ReverseReplication } from "./reverse-replication.ts";

/** A database server that Godwit administers. */
export interface ServerAccess {
  readonly id: string;
  /** URL of an administrator, who may create databases and roles. */
  readonly adminUrl: Secret;
}

/** A database on a server, with the role that owns it and that applications connect as. */
export interface DatabaseAccess {
  readonly server: ServerAccess;
  readonly database: string;
  readonly username: string;
  readonly password: Secret;
}

/** What is known of a server. */
export interface ServerFacts {
  /** The version people choose by, such as `18`; see `VersionRules`. */
  readonly version: string;
  /** Such as `18.4`. */
  readonly fullVersion: string;
}

/** One thing that keeps a database from being replicated, in plain language, with what would let it. */
export interface LiveObstacle {
  /** Stable name, such as `replica-identity`. */
  readonly check: string;
  readonly summary: string;
  readonly remedy: string;
}

/** What is known of a database. */
export interface DatabaseFacts extends ServerFacts {
  /** What it takes of the plan's disk or memory. */
  readonly usedBytes: number;
  /** Estimates, not counts; of what the engine's units name. */
  readonly tables: number;
  readonly rows: number;
  readonly extensions: readonly string[];
  /** What keeps this database from being replicated; empty when nothing does, absent where nobody looked. */
  readonly liveObstacles?: readonly LiveObstacle[];
  /** Login roles besides the owner that hold rights in the database. */
  readonly otherUsers: readonly string[];
}

/** Source and target of a migration. */
export interface DatabasePair {
  readonly source: DatabaseAccess;
  readonly target: DatabaseAccess;
}

export interface PreflightInput {
  readonly source: DatabaseAccess;
  readonly targetServer: ServerAccess;
  readonly targetPlan: Plan;
  /** As whom the copy will be used, where that is settled before: by the URLs of a copy without a fleet. */
  readonly target?: DatabaseAccess;
  /** How the database is to be moved, default `dump`: each strategy has obstacles of its own. */
  readonly strategy?: Strategy;
}

/** What every long call takes. */
export interface EngineCall {
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly clock: Clock;
  report(progress: Progress): void;
}

/** A fence as it stands: as long as it is alive, nothing can write to the source. */
export interface FenceHold {
  /** When the source began to refuse writes. */
  readonly since: Date;
  /** Whether the hard layer still stands; false for ever once it was lost. */
  isAlive(): boolean;
  /** Rejects with a `GodwitError` (`fence-lost`) when the hard layer is gone. */
  assertAlive(): Promise<void>;
  /** Lets go of the hard layer only; the soft one stays until `unfence`. Idempotent. */
  release(): Promise<void>;
}

/** Data copied by `copyData`, counted in the engine's units. */
export interface CopyReport {
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

/** What a copy has finished, remembered outside its process so that another one can go on. */
export interface CopyJournal {
  /** Names of the parts (such as tables) that an earlier run has copied whole; empty: start anew. */
  readonly done: ReadonlySet<string>;
  /** Called when more parts are whole; what was added must survive the death of the process. */
  add(parts: readonly string[]): void;
  /** Called when nothing of `done` could be used and the copy starts anew. */
  clear(): void;
}

/** Two databases named by administrators' URLs alone. */
export interface UrlOrder {
  readonly from: Secret;
  readonly to: Secret;
  /** Role that is to own the copy; left out: the source's owner. */
  readonly owner?: string;
  /** Its password, where the role exists already. */
  readonly ownerPassword?: Secret;
  /** Whether what stands on the target is an earlier run's of the same copy. */
  readonly goesOn: boolean;
}

/** What two URLs lead to. */
export interface OpenedUrls {
  readonly pair: DatabasePair;
  /** Called last: gives a role made for the copy the password that the source's owner has. */
  handOver(signal: AbortSignal): Promise<void>;
}

/** What past runs measured: bytes moved and how long the source was read-only. */
export interface PastRun {
  readonly bytes: number;
  readonly readOnlyMs: number;
  /** Absent in runs from before there was a choice: `dump`. */
  readonly strategy?: Strategy;
}

/** How one kind of database is inspected, fenced, copied and proved. Every method is idempotent. */
export interface Engine {
  readonly id: string;
  /** As people write it: `PostgreSQL`. */
  readonly name: string;
  /** The same as without an engine at hand, in the list of engines. */
  readonly capabilities: EngineCapabilities;

  serverFacts(server: ServerAccess, signal: AbortSignal): Promise<ServerFacts>;
  inspect(source: DatabaseAccess, signal: AbortSignal): Promise<DatabaseFacts>;
  preflight(input: PreflightInput, signal: AbortSignal): Promise<readonly Finding[]>;
  /** Whether each strategy can move this database between these versions. */
  judgeStrategy(strategy: Strategy, facts: DatabaseFacts): Verdict;
  /** By past runs of the same strategy, which is `dump` unless said otherwise. */
  estimate(facts: DatabaseFacts, past: readonly PastRun[], strategy?: Strategy): WindowEstimate;
  /** There for engines whose strategies include `live`. */
  readonly replication?: Replication;
  /** There for engines whose databases can be returned to after success. */
  readonly reversal?: Reversal;
  /** There for engines that can keep an old database current after a live migration. */
  readonly reverseReplication?: ReverseReplication;
  /** There for engines that `godwit copy` can drive. Refuses (`target-taken`, `target-not-empty`, `owner-exists`). */
  openUrls?(order: UrlOrder, signal: AbortSignal): Promise<OpenedUrls>;

  /** Makes the empty database and its owner with the plan's limits and the source's extensions; keeps what exists. */
  provision(pair: DatabasePair, plan: Plan, call: EngineCall): Promise<void>;
  /** Drops the database and its role where they exist. Ends their sessions. */
  drop(database: Omit<DatabaseAccess, "password">, signal: AbortSignal): Promise<void>;

  /** Restores the schema without the parts that would slow the copy; starts anew when half done. */
  copySchema(pair: DatabasePair, call: EngineCall): Promise<void>;
  /** Fingerprint of the source's schema, to see that it has not changed since it was copied. */
  schemaFingerprint(source: DatabaseAccess, signal: AbortSignal): Promise<string>;

  /** What taking the fence away needs; touches nothing. Stored before `fence` is called. */
  planFence(source: DatabaseAccess, signal: AbortSignal): Promise<JsonObject>;
  /** Builds both layers, in order. `holder` names the session that holds the hard one. */
  fence(source: DatabaseAccess, undo: JsonObject, holder: string, call: EngineCall): Promise<FenceHold>;
  /** Tries to write as the application in every way it could; throws (`fence-open`) when one succeeds. */
  proveFence(source: DatabaseAccess, hold: FenceHold, signal: AbortSignal): Promise<void>;
  /** Takes both layers away, also those of a process that died. */
  unfence(source: DatabaseAccess, undo: JsonObject, holder: string, signal: AbortSignal): Promise<void>;

  /**
   * Empties the target's tables and copies all data, indexes, constraints and sequences, under the fence.
   * With a journal it keeps what an earlier run has finished; only `verify` then proves that nothing changed
   * in between.
   */
  copyData(pair: DatabasePair, hold: FenceHold, call: EngineCall, journal?: CopyJournal): Promise<CopyReport>;
  /** Compares both sides under the fence; throws (`verification-mismatch`) naming what differs. */
  verify(pair: DatabasePair, hold: FenceHold, call: EngineCall): Promise<Proof>;
  /** Work on the target that does not hold up the switch: statistics. */
  finish(target: DatabaseAccess, call: EngineCall): Promise<void>;
  /** Closes a database that an add-on has left to its application; reading stays possible for the administrator. */
  close(source: DatabaseAccess, signal: AbortSignal): Promise<void>;

  /** Environment variables through which applications find the database: names to values. */
  environment(database: DatabaseAccess): Readonly<Record<string, Secret>>;
  /** When a session of the application's role was first seen, as far as is known now; null when there is none. */
  connectedSince(database: DatabaseAccess, signal: AbortSignal): Promise<Date | null>;
}
