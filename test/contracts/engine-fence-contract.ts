import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FenceHold } from "../../src/core/ports/engine.ts";
import { until } from "../support/until.ts";
import { aCall, type EngineSubject, fenced, HOLDER, type MakeSubject } from "./engine-subject.ts";

const signal = new AbortController().signal;

/** What every engine promises of its fence. */
export function describeFenceContract(makeSubject: MakeSubject): void {
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
      held = await engine.fence(pair.source, undo, HOLDER, aCall());
      await engine.proveFence(pair.source, held, signal);
      await engine.unfence(pair.source, undo, HOLDER, signal);
      await until(() => held?.isAlive() === false, { what: "the holder to be ended" });
      expect(await subject.settings(pair.source)).toEqual(before);
    });

    it("is planned, built and taken away by nobody but its own holder", async () => {
      const { engine, pair } = subject;
      const { undo, hold } = await fenced(subject);
      held = hold;
      const stranger = `${HOLDER}_other`;
      const fencedSettings = await subject.settings(pair.source);
      await expect(engine.planFence(pair.source, signal)).rejects.toMatchObject({ code: "already-fenced" });
      await expect(engine.fence(pair.source, undo, stranger, aCall())).rejects.toMatchObject({
        code: "already-fenced",
      });
      await engine.unfence(pair.source, undo, stranger, signal);
      await engine.proveFence(pair.source, hold, signal);
      expect(await subject.settings(pair.source)).toEqual(fencedSettings);
      await engine.unfence(pair.source, undo, HOLDER, signal);
    });

    it("is found open when a part of it is missing, whatever its holder believes", async () => {
      const { engine, pair } = subject;
      const { undo, hold } = await fenced(subject);
      await subject.weaken(pair.source, hold);
      const pretended: FenceHold = { ...hold, isAlive: () => true, assertAlive: async () => undefined };
      const proof = engine.proveFence(pair.source, pretended, signal);
      await expect(proof).rejects.toMatchObject({ code: "fence-open" });
      await hold.release();
      await engine.unfence(pair.source, undo, HOLDER, signal);
    });
  });
}
