import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FenceHold } from "../../src/core/ports/engine.ts";
import type { JsonObject } from "../../src/core/step.ts";
import { until } from "../support/until.ts";
import { describeFenceContract } from "./engine-fence-contract.ts";
import { describeStepContract } from "./engine-step-contract.ts";
import { aCall, type EngineSubject, fenced, HOLDER, type MakeSubject, prepared } from "./engine-subject.ts";

const signal = new AbortController().signal;

/** What every engine promises, on real servers. */
export function describeEngineContract(name: string, makeSubject: MakeSubject): void {
  describe(name, () => {
    describeMigration(makeSubject);
    describeFenceContract(makeSubject);
    describeInterruption(makeSubject);
    describeStepContract(makeSubject);
    describeNothing(makeSubject);
  });
}

function describeMigration(makeSubject: MakeSubject): void {
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
      const { table, value } = await subject.changeOneRow(pair.target);
      const error = (await engine.verify(pair, hold, aCall()).catch((e: unknown) => e)) as Error;
      expect(error).toMatchObject({ code: "verification-mismatch", class: "permanent" });
      expect(error.message).toContain(table);
      expect(error.message).not.toContain(value);
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

function describeInterruption(makeSubject: MakeSubject): void {
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

    it("starts from the start wherever it had come to", async () => {
      const { engine, pair } = subject;
      for (const point of subject.turningPoints) {
        const stop = new AbortController();
        const call = aCall(stop.signal);
        const copying = engine.copyData(pair, hold, call).catch((error: unknown) => error);
        const isThere = (): boolean => call.reports.some(({ label }) => label.startsWith(point));
        await until(isThere, { what: point, everyMs: 2, timeoutMs: 30_000 });
        stop.abort(new Error("cancelled"));
        await copying;
        await engine.copyData(pair, hold, aCall());
        await engine.verify(pair, hold, aCall());
        expect(await subject.content(pair.target)).toEqual(await subject.content(pair.source));
      }
    });
  });
}

function describeNothing(makeSubject: MakeSubject): void {
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
