import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
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
import { until } from "../support/until.ts";

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
  /** Changes one row of the database, as administrator. */
  changeOneRow(database: DatabaseAccess): Promise<void>;
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

const HOLDER = "godwit mig_contract";
const signal = new AbortController().signal;

/** What every engine promises, on real servers. */
export function describeEngineContract(
  name: string,
  makeSubject: (kind: SubjectKind) => Promise<EngineSubject>,
): void {
  describe(name, () => {
    describeMigration(makeSubject);
    describeFence(makeSubject);
    describeInterruption(makeSubject);
    describeNothing(makeSubject);
  });
}

async function fenced(subject: EngineSubject): Promise<{ undo: JsonObject; hold: FenceHold }> {
  const { engine, pair } = subject;
  const undo = JSON.parse(JSON.stringify(await engine.planFence(pair.source, signal))) as JsonObject;
  return { undo, hold: await engine.fence(pair.source, undo, HOLDER, aCall()) };
}

async function prepared(subject: EngineSubject): Promise<void> {
  await subject.engine.provision(subject.pair, subject.plan, aCall());
  await subject.engine.copySchema(subject.pair, aCall());
}

type Make = (kind: SubjectKind) => Promise<EngineSubject>;

function describeMigration(makeSubject: Make): void {
  describe("a whole migration", () => {
    let subject: EngineSubject;
    let undo: JsonObject;
    let hold: FenceHold;
    beforeAll(async () => {
      subject = await makeSubject("filled");
    });
    afterAll(async () => {
      await hold?.release();
      await subject?.dispose();
    });

    it("makes the new database twice without harm, and copies the schema twice", async () => {
      await prepared(subject);
      await prepared(subject);
      await subject.read(subject.pair.target).catch(() => undefined);
    });

    it("sees the same schema until somebody changes it", async () => {
      const { engine, pair } = subject;
      const before = await engine.schemaFingerprint(pair.source, signal);
      ({ undo, hold } = await fenced(subject));
      expect(await engine.schemaFingerprint(pair.source, signal)).toBe(before);
    });

    it("copies everything under the fence, again and again, and proves it", async () => {
      const { engine, pair } = subject;
      const call = aCall();
      const first = await engine.copyData(pair, hold, call);
      const second = await engine.copyData(pair, hold, aCall());
      const proof = await engine.verify(pair, hold, aCall());
      expect(second).toMatchObject({ tables: first.tables, rows: first.rows, bytes: first.bytes });
      expect(first.rows).toBeGreaterThan(0);
      expect(proof).toMatchObject({ tables: first.tables, rows: first.rows, hashedTables: first.tables });
      expect(await subject.content(pair.target)).toEqual(await subject.content(pair.source));
      expect(call.reports.length).toBeGreaterThan(0);
    });

    it("notices one changed row, and names the table but no value", async () => {
      const { engine, pair } = subject;
      await subject.changeOneRow(pair.target);
      const error = (await engine.verify(pair, hold, aCall()).catch((e: unknown) => e)) as Error;
      expect(error).toMatchObject({ code: "verification-mismatch", class: "permanent" });
      await engine.copyData(pair, hold, aCall());
      await engine.verify(pair, hold, aCall());
    });

    it("leaves a database that the application can use", async () => {
      const { engine, pair } = subject;
      await engine.finish(pair.target, aCall());
      await engine.finish(pair.target, aCall());
      for (const write of Object.values(subject.writes)) await write(pair.target);
      expect(Object.keys(engine.environment(pair.target)).length).toBeGreaterThan(3);
      expect(JSON.stringify(engine.environment(pair.target))).not.toContain(pair.target.password.reveal());
    });

    it("closes the old database to its application", async () => {
      const { engine, pair } = subject;
      await hold.release();
      await engine.close(pair.source, signal);
      await engine.close(pair.source, signal);
      await expect(subject.read(pair.source)).rejects.toThrow();
      await engine.unfence(pair.source, undo, HOLDER, signal);
    });

    it("drops a database twice without harm", async () => {
      const { engine, pair } = subject;
      await engine.drop(pair.target, signal);
      await engine.drop(pair.target, signal);
      await expect(subject.read(pair.target)).rejects.toThrow();
    });
  });
}

function describeFence(makeSubject: Make): void {
  describe("the fence", () => {
    let subject: EngineSubject;
    let held: FenceHold | undefined;
    beforeAll(async () => {
      subject = await makeSubject("filled");
    });
    afterEach(async () => {
      await held?.release();
    });
    afterAll(() => subject?.dispose());

    it("refuses each way of writing, lets reading pass, and leaves no trace when it goes", async () => {
      const { engine, pair, writes } = subject;
      const before = await subject.settings(pair.source);
      const { undo, hold } = await fenced(subject);
      held = hold;
      expect(await subject.settings(pair.source)).not.toEqual(before);
      for (const [way, write] of Object.entries(writes)) {
        await expect(write(pair.source), way).rejects.toThrow();
      }
      await subject.read(pair.source);
      await engine.proveFence(pair.source, hold, signal);
      await engine.unfence(pair.source, undo, HOLDER, signal);
      await engine.unfence(pair.source, undo, HOLDER, signal);
      expect(await subject.settings(pair.source)).toEqual(before);
      for (const [way, write] of Object.entries(writes)) {
        await expect(write(pair.source), way).resolves.toBeUndefined();
      }
    });

    it("knows when it was lost, and is built again after a crash with the same undo", async () => {
      const { engine, pair } = subject;
      const before = await subject.settings(pair.source);
      const { undo, hold } = await fenced(subject);
      expect(hold.isAlive()).toBe(true);
      await subject.killHolder(pair.source, HOLDER);
      await until(() => !hold.isAlive(), { what: "the loss to be noticed" });
      await expect(hold.assertAlive()).rejects.toMatchObject({ code: "fence-lost" });
      await expect(engine.proveFence(pair.source, hold, signal)).rejects.toMatchObject({
        code: "fence-lost",
      });
      await engine.planFence(pair.source, signal);
      held = await engine.fence(pair.source, undo, HOLDER, aCall());
      await engine.proveFence(pair.source, held, signal);
      await engine.unfence(pair.source, undo, HOLDER, signal);
      await until(() => held?.isAlive() === false, { what: "the holder to be ended" });
      expect(await subject.settings(pair.source)).toEqual(before);
    });

    it("is found open when only its soft layer stands", async () => {
      const { engine, pair } = subject;
      const { undo, hold } = await fenced(subject);
      await hold.release();
      const pretended: FenceHold = { ...hold, isAlive: () => true, assertAlive: async () => undefined };
      const proof = engine.proveFence(pair.source, pretended, signal);
      await expect(proof).rejects.toMatchObject({ code: "fence-open" });
      await engine.unfence(pair.source, undo, HOLDER, signal);
    });
  });
}

function describeInterruption(makeSubject: Make): void {
  describe("an interrupted copy", () => {
    let subject: EngineSubject;
    let hold: FenceHold;
    beforeAll(async () => {
      subject = await makeSubject("large");
      await prepared(subject);
      ({ hold } = await fenced(subject));
    });
    afterAll(async () => {
      await hold?.release();
      await subject?.dispose();
    });

    it("stops at once, leaves no session working, and is done again from the start", async () => {
      const { engine, pair } = subject;
      const stop = new AbortController();
      const call = aCall(stop.signal);
      const copying = engine.copyData(pair, hold, call).catch((error: unknown) => error);
      await until(() => call.reports.some((each) => (each.doneRows ?? 0) > 0), { what: "rows", everyMs: 2 });
      const reason = new Error("cancelled by a person");
      const stoppedAt = performance.now();
      stop.abort(reason);
      expect(await copying).toBe(reason);
      expect(performance.now() - stoppedAt).toBeLessThan(1_000);
      const isQuiet = async (): Promise<boolean> => !(await subject.sessions(pair.target)).length;
      await until(isQuiet, { what: "the sessions on the target to end" });
      expect(hold.isAlive()).toBe(true);
      await engine.copyData(pair, hold, aCall());
      await engine.verify(pair, hold, aCall());
    });

    it("starts from the start also when indexes had been begun", async () => {
      const { engine, pair } = subject;
      const stop = new AbortController();
      const call = aCall(stop.signal);
      const copying = engine.copyData(pair, hold, call).catch((error: unknown) => error);
      const isBuilding = (): boolean => call.reports.some(({ label }) => label.startsWith("building"));
      await until(isBuilding, { what: "an index to be begun", everyMs: 2, timeoutMs: 30_000 });
      stop.abort(new Error("cancelled"));
      await copying;
      await engine.copyData(pair, hold, aCall());
      await engine.verify(pair, hold, aCall());
      expect(await subject.content(pair.target)).toEqual(await subject.content(pair.source));
    });
  });
}

function describeNothing(makeSubject: Make): void {
  it("moves a database with nothing in it", async () => {
    const subject = await makeSubject("empty");
    const { engine, pair } = subject;
    await prepared(subject);
    const { undo, hold } = await fenced(subject);
    await engine.proveFence(pair.source, hold, signal);
    expect(await engine.copyData(pair, hold, aCall())).toMatchObject({ tables: 0, rows: 0 });
    expect(await engine.verify(pair, hold, aCall())).toMatchObject({ tables: 0, rows: 0 });
    await engine.finish(pair.target, aCall());
    await engine.unfence(pair.source, undo, HOLDER, signal);
    await hold.release();
    await subject?.dispose();
  });
}
