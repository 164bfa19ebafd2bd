import type { Plan } from "../../src/core/plan.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type {
  DatabaseAccess,
  DatabasePair,
  Engine,
  EngineCall,
  FenceHold,
} from "../../src/core/ports/engine.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { JsonObject, Progress } from "../../src/core/step.ts";

/** One pair of databases that a contract test may do with as it likes. */
export interface EngineSubject {
  readonly engine: Engine;
  readonly pair: DatabasePair;
  readonly plan: Plan;
  /** Every way in which an application could write, by name; each rejects when it is refused. */
  readonly writes: Readonly<Record<string, (database: DatabaseAccess) => Promise<void>>>;
  /** Reads something as the application. */
  read(database: DatabaseAccess): Promise<void>;
  /** Everything in a database that a person would notice, in a form that can be compared. */
  content(database: DatabaseAccess): Promise<unknown>;
  /** Settings and grants of a database and its users, exactly as stored. */
  settings(database: DatabaseAccess): Promise<unknown>;
  /** Takes away, while the fence stands, what the proof of the fence must miss. */
  weaken(database: DatabaseAccess, hold: FenceHold): Promise<void>;
  /** How the reports of a copy begin at which interrupting it is worth a test, besides the first. */
  readonly turningPoints: readonly string[];
  /** Changes one row of the database, as administrator; returns the table's name and the new value. */
  changeOneRow(database: DatabaseAccess): Promise<{ readonly table: string; readonly value: string }>;
  /** Ends the session that holds the hard layer, as a crash of its process does. */
  killHolder(database: DatabaseAccess, holder: string): Promise<void>;
  /** Names of sessions that work in a database. */
  sessions(database: DatabaseAccess): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** `filled` has every kind of object; `large` takes seconds to copy; `empty` has nothing. */
export type SubjectKind = "filled" | "large" | "empty";

const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };
const clock: Clock = {
  now: () => new Date(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};

/** A call that remembers what was reported. */
export function aCall(
  signal: AbortSignal = new AbortController().signal,
): EngineCall & { reports: Progress[] } {
  const reports: Progress[] = [];
  return { signal, log: silentLog, clock, reports, report: (progress) => void reports.push(progress) };
}

export const HOLDER = "godwit mig_contract";

/** Fences the source as the runner does: by an undo that was stored in between. */
export async function fenced(subject: EngineSubject): Promise<{ undo: JsonObject; hold: FenceHold }> {
  const { engine, pair } = subject;
  const undo = JSON.parse(
    JSON.stringify(await engine.planFence(pair.source, new AbortController().signal)),
  ) as JsonObject;
  return { undo, hold: await engine.fence(pair.source, undo, HOLDER, aCall()) };
}

/** Brings the target to where data can be copied. */
export async function prepared(subject: EngineSubject): Promise<void> {
  await subject.engine.provision(subject.pair, subject.plan, aCall());
  await subject.engine.copySchema(subject.pair, aCall());
}

/** Makes a subject of the kind that a test asks for. */
export type MakeSubject = (kind: SubjectKind) => Promise<EngineSubject>;

/** The steps of a migration that work on databases, in order. */
export const STEPS = ["provision", "copySchema", "fence", "copyData", "verify"] as const;
export type StepName = (typeof STEPS)[number];

/** What one step works with. */
export type StepInput = Pick<EngineSubject, "engine" | "pair" | "plan"> & {
  readonly undo: JsonObject;
  readonly call: EngineCall;
};

/** Runs one step as the runner does; resolves with its hold on the source where it needs one. */
export async function runStep(step: StepName, input: StepInput): Promise<FenceHold | undefined> {
  const { engine, pair, plan, undo, call } = input;
  if (step === "provision") await engine.provision(pair, plan, call);
  if (step === "copySchema") await engine.copySchema(pair, call);
  if (step === "provision" || step === "copySchema") return undefined;
  const hold = await engine.fence(pair.source, undo, HOLDER, call);
  try {
    if (step === "copyData") await engine.copyData(pair, hold, call);
    if (step === "verify") await engine.verify(pair, hold, call);
    return hold;
  } catch (error) {
    await hold.release();
    throw error;
  }
}
