import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/plan.ts";
import type { DatabaseAccess, DatabasePair, Engine, FenceHold } from "../../src/core/ports/engine.ts";
import type { Replication, ReplicationPlan } from "../../src/core/ports/replication.ts";
import type { JsonObject } from "../../src/core/step.ts";
import { until } from "../support/until.ts";
import { aCall } from "./engine-subject.ts";

/** A pair of databases whose source can be replicated. */
export interface LiveSubject {
  readonly engine: Engine;
  readonly pair: DatabasePair;
  readonly plan: Plan;
  /** Changes rows in each way in which an application may. Once per subject. */
  change(database: DatabaseAccess): Promise<void>;
  /** Changes the schema as a deployment does. */
  changeSchema(database: DatabaseAccess): Promise<void>;
  /** Makes something that cannot be replicated. */
  hinder(database: DatabaseAccess): Promise<void>;
  /** What a replication with this ID has left on a database or its server. */
  leftovers(database: DatabaseAccess, id: string): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

const signal = new AbortController().signal;

/** What every engine with the strategy `live` promises, on real servers. */
export function describeLiveContract(name: string, makeSubject: () => Promise<LiveSubject>): void {
  describe(name, () => {
    describeReplication(makeSubject);
    describeEnding(makeSubject);
    describeRefusals(makeSubject);
  });
}

function aReplication(backlogLimitBytes = 1024 ** 3): ReplicationPlan {
  return { id: `mig_${randomBytes(8).toString("hex")}`, backlogLimitBytes };
}

function replicationOf({ engine }: LiveSubject): Replication {
  if (!engine.replication) throw new Error(`${engine.id} offers live and has no replication`);
  return engine.replication;
}

async function prepared({ engine, pair, plan }: LiveSubject): Promise<void> {
  await engine.provision(pair, plan, aCall());
  await engine.copySchema(pair, aCall());
}

async function caughtUp(subject: LiveSubject, plan: ReplicationPlan): Promise<void> {
  const isClose = async () => {
    const lag = await replicationOf(subject).lag(subject.pair, plan, signal);
    return lag.isApplying && lag.behindBytes < 100_000;
  };
  await until(isClose, { what: "the target to catch up", timeoutMs: 30_000 });
}

function describeReplication(makeSubject: () => Promise<LiveSubject>): void {
  describe("a replication", () => {
    const plan = aReplication();
    let subject: LiveSubject;
    let undo: JsonObject;
    let hold: FenceHold | undefined;
    beforeAll(async () => {
      subject = await makeSubject();
      await prepared(subject);
    });
    afterAll(async () => {
      await hold?.release();
      if (subject) await replicationOf(subject).end(subject.pair, plan.id, signal);
      await subject?.dispose();
    });

    it("is offered for this database", async () => {
      const facts = await subject.engine.inspect(subject.pair.source, signal);
      expect(subject.engine.capabilities.strategies).toContain("live");
      expect(subject.engine.judgeStrategy("live", facts)).toEqual({ allowed: true });
    });

    it("copies while the source is open, and goes on when it is started again", async () => {
      const report = await replicationOf(subject).start(subject.pair, plan, aCall());
      expect(report?.rows).toBeGreaterThan(2_000);
      expect(await replicationOf(subject).start(subject.pair, plan, aCall())).toBeNull();
      await caughtUp(subject, plan);
    });

    it("drains every change under the fence, twice without harm, and is proved equal", async () => {
      const { engine, pair } = subject;
      await subject.change(pair.source);
      await replicationOf(subject).prepareSwitch(pair, plan, aCall());
      undo = await engine.planFence(pair.source, signal);
      hold = await engine.fence(pair.source, undo, plan.id, aCall());
      await replicationOf(subject).drain(pair, plan, { hold, call: aCall() });
      await replicationOf(subject).drain(pair, plan, { hold, call: aCall() });
      const proof = await replicationOf(subject).verify(pair, plan, { hold, call: aCall() });
      expect(proof.rows).toBeGreaterThan(2_000);
    });

    it("follows again after a switch that was given up", async () => {
      const { engine, pair } = subject;
      await engine.unfence(pair.source, undo, plan.id, signal);
      await hold?.release();
      await replicationOf(subject).resume(pair, plan, signal);
      await replicationOf(subject).resume(pair, plan, signal);
      await subject.change(pair.source).catch(() => undefined);
      await caughtUp(subject, plan);
      undo = await engine.planFence(pair.source, signal);
      hold = await engine.fence(pair.source, undo, plan.id, aCall());
      await replicationOf(subject).drain(pair, plan, { hold, call: aCall() });
      await replicationOf(subject).verify(pair, plan, { hold, call: aCall() });
    });

    it("ends and leaves nothing, and the database without a fence as it was", async () => {
      const { engine, pair } = subject;
      await engine.unfence(pair.source, undo, plan.id, signal);
      await replicationOf(subject).end(pair, plan.id, signal);
      await replicationOf(subject).end(pair, plan.id, signal);
      expect(await subject.leftovers(pair.source, plan.id)).toEqual([]);
      expect(await subject.leftovers(pair.target, plan.id)).toEqual([]);
    });
  });
}

function describeEnding(makeSubject: () => Promise<LiveSubject>): void {
  describe("a replication that stops in the middle", () => {
    let subject: LiveSubject;
    beforeAll(async () => {
      subject = await makeSubject();
      await prepared(subject);
    });
    afterAll(() => subject?.dispose());

    it("is taken away whatever it has made, and starts anew", async () => {
      const { pair } = subject;
      const plan = aReplication();
      const stop = new AbortController();
      const call = aCall(stop.signal);
      const starting = replicationOf(subject)
        .start(pair, plan, call)
        .catch((error: unknown) => error);
      await until(() => call.reports.some(({ label }) => label.startsWith("copying")), {
        what: "rows",
        everyMs: 1,
      });
      const reason = new Error("stopped");
      stop.abort(reason);
      expect(await starting).toBe(reason);
      await replicationOf(subject).start(pair, plan, aCall());
      await caughtUp(subject, plan);
      await replicationOf(subject).end(pair, plan.id, signal);
      expect(await subject.leftovers(pair.source, plan.id)).toEqual([]);
    });

    it("frees the source also when the target is gone", async () => {
      const { engine, pair } = subject;
      const plan = aReplication();
      await replicationOf(subject).start(pair, plan, aCall());
      await replicationOf(subject).end(pair, plan.id, signal);
      await engine.drop(pair.target, signal);
      await replicationOf(subject).end(pair, plan.id, signal);
      expect(await subject.leftovers(pair.source, plan.id)).toEqual([]);
    });
  });
}

function describeRefusals(makeSubject: () => Promise<LiveSubject>): void {
  describe("a replication that cannot be", () => {
    let subject: LiveSubject;
    beforeAll(async () => {
      subject = await makeSubject();
      await prepared(subject);
    });
    afterAll(() => subject?.dispose());

    it("is given up when the source keeps too much for it", async () => {
      const { pair } = subject;
      const plan = aReplication(1);
      await replicationOf(subject)
        .start(pair, plan, aCall())
        .catch(() => undefined);
      await subject.change(pair.source);
      await expect(replicationOf(subject).lag(pair, plan, signal)).rejects.toMatchObject({
        code: "replication-overgrown",
      });
      await replicationOf(subject).end(pair, plan.id, signal);
      await expect(replicationOf(subject).lag(pair, plan, signal)).rejects.toMatchObject({
        code: "replication-lost",
      });
    });

    it("shows a changed schema, where there is one, by its fingerprint while it goes on", async () => {
      const { engine, pair } = subject;
      if (!engine.capabilities.hasSchema) return;
      const plan = aReplication();
      await engine.copySchema(pair, aCall());
      const before = await engine.schemaFingerprint(pair.source, signal);
      await replicationOf(subject).start(pair, plan, aCall());
      expect(await engine.schemaFingerprint(pair.source, signal)).toBe(before);
      await subject.changeSchema(pair.source);
      expect(await engine.schemaFingerprint(pair.source, signal)).not.toBe(before);
      await replicationOf(subject).end(pair, plan.id, signal);
    });

    it("is refused with each reason and its remedy", async () => {
      const { engine, pair } = subject;
      await subject.hinder(pair.source);
      const facts = await engine.inspect(pair.source, signal);
      const verdict = engine.judgeStrategy("live", facts);
      expect(verdict).toMatchObject({ allowed: false, refusal: { field: "strategy" } });
      await engine.copySchema(pair, aCall());
      const started = replicationOf(subject).start(pair, aReplication(), aCall());
      await expect(started).rejects.toMatchObject({ code: "replication-obstacle" });
    });
  });
}
