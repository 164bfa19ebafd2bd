import { afterEach, describe, expect, it } from "vitest";
import type { Log } from "../../src/core/ports/log.ts";
import type { MigrationQueue } from "../../src/core/ports/queue.ts";
import { until } from "../support/until.ts";

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };

/** Opens a handle on the doorbell of an installation. */
type Open = (installation: string) => Promise<MigrationQueue>;

/** What every doorbell promises. */
export function describeQueueContract(name: string, open: Open): void {
  describe(name, () => {
    const opened: MigrationQueue[] = [];

    const openOne = async (installation = "one") => {
      const queue = await open(installation);
      opened.push(queue);
      return queue;
    };

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((queue) => queue.close(1_000)));
    });

    it("hands a ring to a worker of another process", async () => {
      const [bell, worker] = [await openOne(), await openOne()];
      const heard: string[] = [];
      await worker.work(async (id) => void heard.push(id));

      await bell.ring("mig_one");

      await until(() => heard.includes("mig_one"), { what: "the ring" });
    });

    it("keeps a ring for a worker that comes later", async () => {
      const bell = await openOne();
      await bell.ring("mig_later");
      const worker = await openOne();
      const heard: string[] = [];

      await worker.work(async (id) => void heard.push(id));

      await until(() => heard.includes("mig_later"), { what: "the ring" });
    });

    it("rings not before the time that was asked for", async () => {
      const queue = await openOne();
      const heard: number[] = [];
      await queue.work(async () => void heard.push(Date.now()));
      const at = new Date(Date.now() + 700);

      await queue.ring("mig_at", { at });

      await until(() => heard.length === 1, { what: "the ring" });
      expect(heard[0]).toBeGreaterThanOrEqual(at.getTime() - 20);
    });

    it("works on several at a time, and goes on after one has thrown", async () => {
      const queue = await openOne();
      const heard: string[] = [];
      let release: (() => void) | undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await queue.work(async (id) => {
        if (id === "mig_held") await held;
        if (id === "mig_thrown") throw new Error("trouble");
        heard.push(id);
      });

      for (const id of ["mig_held", "mig_thrown", "mig_next"]) await queue.ring(id);

      await until(() => heard.includes("mig_next"), { what: "the ring behind the others" });
      release?.();
      await until(() => heard.includes("mig_held"), { what: "the held one" });
    });

    it("hands no ring to another installation on the same backend", async () => {
      const [bell, stranger, worker] = [await openOne("one"), await openOne("two"), await openOne("one")];
      const [strange, heard]: [string[], string[]] = [[], []];
      await stranger.work(async (id) => void strange.push(id));
      await worker.work(async (id) => void heard.push(id));

      for (let index = 0; index < 10; index += 1) await bell.ring(`mig_${index}`);

      await until(() => heard.length === 10, { what: "ten rings" });
      expect(strange).toEqual([]);
    });

    it("answers a ping", async () => {
      const queue = await openOne();

      await expect(queue.ping()).resolves.toBeUndefined();
    });

    it("waits at its close for a handler that ends within the grace", async () => {
      const queue = await openOne();
      const told: string[] = [];
      await queue.work(async () => {
        told.push("began");
        await new Promise((resolve) => setTimeout(resolve, 300));
        told.push("ended");
      });
      await queue.ring("mig_short");
      await until(() => told.length > 0, { what: "the handler to begin" });

      await queue.close(5_000);

      opened.splice(opened.indexOf(queue), 1);
      expect(told).toEqual(["began", "ended"]);
    });

    it("closes within its grace although a handler goes on", async () => {
      const queue = await openOne();
      let began = false;
      await queue.work(async () => {
        began = true;
        await new Promise((resolve) => setTimeout(resolve, 3_000));
      });
      await queue.ring("mig_long");
      await until(() => began, { what: "the handler to begin" });
      const started = performance.now();

      await queue.close(300);

      opened.splice(opened.indexOf(queue), 1);
      expect(performance.now() - started).toBeLessThan(2_500);
    });
  });
}
