import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LeaseLost } from "../../src/core/failure.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Lease, Store } from "../../src/core/ports/store.ts";
import { newMigrationId } from "../../src/migrations/new-migration-id.ts";
import { aMigration } from "../chat/makers.ts";
import { until } from "../support/until.ts";

/** A store for one test file, with nothing in it. */
export interface StoreSubject {
  readonly store: Store;
  close(): Promise<void>;
}

const TTL = { ttlMs: 30_000 };
const notification = (id: string) => ({ kind: "retired", migration: aMigration({ id }) }) as const;

/** What every store promises the runner and the sender. */
export function describeStoreContract(name: string, open: () => Promise<StoreSubject>): void {
  describe(name, () => {
    let subject: StoreSubject;
    let store: Store;
    let addons = 0;

    beforeAll(async () => {
      subject = await open();
      ({ store } = subject);
    });

    afterAll(() => subject.close());

    /** A queued migration with two planned steps and a thread, on an add-on of its own. */
    async function queued(): Promise<Migration> {
      const { source, ...rest } = aMigration();
      const addonId = `addon_${(addons += 1)}`;
      return store.transaction(async (tx) => {
        const { id } = await tx.insertMigration(
          newMigrationId(),
          { ...rest, source: { ...source, addonId } },
          {},
        );
        await tx.openThread({ key: id, platform: "slack", workspace: "T1", channel: "C1" });
        await tx.planSteps(id, [
          { name: "copy", title: "Copy" },
          { name: "switch", title: "Switch" },
        ]);
        return tx.moveMigration(id, "queued", { threadKey: id });
      });
    }

    const held = async (id: string, options = {}): Promise<Lease> => {
      const lease = await store.acquire(id, "worker", { ...TTL, ...options });
      if (!lease) throw new Error("the lease is not free");
      return lease;
    };
    const send = (threadKey: string, kind: "post" | "edit", messageKey: string, coalesceKey?: string) =>
      store.transaction((tx) =>
        tx.send({
          threadKey,
          kind,
          messageKey,
          notification: notification(threadKey),
          ...(coalesceKey && { coalesceKey }),
        }),
      );
    const claimOf = async (threadKey: string, ttlMs = 30_000) => {
      for (;;) {
        const message = await store.claimMessage("sender", ttlMs, ["slack"]);
        if (!message || message.threadKey === threadKey) return message;
        await store.markSent(message, `x${message.id}`);
      }
    };

    it("gives a lease to one, and to the next with a higher epoch", async () => {
      const { id } = await queued();
      const first = await held(id);

      expect(await store.acquire(id, "other", TTL)).toBeNull();
      expect((await held(id, { steal: true })).epoch).toBe(first.epoch + 1);
    });

    it("stops a worker whose epoch is outdated from writing and from beating", async () => {
      const { id } = await queued();
      const old = await held(id);
      await held(id, { steal: true });

      await expect(
        store.underLease(old, (tx) => tx.patchMigration(id, { desired: "cancel" })),
      ).rejects.toThrow(LeaseLost);
      await expect(store.heartbeat(old, 30_000)).rejects.toThrow(LeaseLost);
      expect((await store.migration(id))?.desired).toBe("run");
    });

    it("keeps nothing that was written before a lease was found lost, or before an error", async () => {
      const { id } = await queued();
      const failing = store.transaction(async (tx) => {
        await tx.patchStep(id, "copy", { status: "running", attempt: 7 });
        await tx.append({ migrationId: id, actor: "system", type: "never" });
        throw new Error("no");
      });

      await expect(failing).rejects.toThrow("no");
      expect((await store.steps(id))[0]).toMatchObject({ status: "pending", attempt: 0 });
    });

    it("tells a beating worker what people want, and finds who is held by nobody", async () => {
      const { id } = await queued();
      expect(await store.idleMigrations()).toContain(id);
      const lease = await held(id);
      await store.transaction((tx) => tx.patchMigration(id, { desired: "cancel" }));

      expect(await store.heartbeat(lease, 30_000)).toBe("cancel");
      expect(await store.idleMigrations()).not.toContain(id);
      await store.release(lease);
      expect(await store.idleMigrations()).toContain(id);
    });

    it("forbids two live migrations of an add-on and moves that the table does not know", async () => {
      const { id, source } = await queued();
      const { source: _, ...rest } = aMigration();
      const second = store.transaction((tx) =>
        tx.insertMigration(newMigrationId(), { ...rest, source }, { state: "queued" }),
      );

      await expect(second).rejects.toMatchObject({ code: "addon-locked" });
      await expect(store.transaction((tx) => tx.moveMigration(id, "succeeded"))).rejects.toThrow();
    });

    it("lets one step run at a time", async () => {
      const { id } = await queued();
      const two = store.transaction(async (tx) => {
        await tx.patchStep(id, "copy", { status: "running" });
        await tx.patchStep(id, "switch", { status: "running" });
      });

      await expect(two).rejects.toThrow();
    });

    it("keeps the first record of a standing fence, and takes a new one after it was lifted", async () => {
      const { id } = await queued();
      const fence = (note: string) => ({
        migrationId: id,
        providerName: "fleet",
        addonId: "a",
        undo: { note },
        deadline: new Date(Date.now() - 1_000),
      });
      const record = (note: string) => store.transaction((tx) => tx.recordFence(fence(note)));
      await record("first");
      await record("second");

      expect((await store.fence(id))?.undo).toEqual({ note: "first" });
      expect((await store.overdueFences()).map(({ migrationId }) => migrationId)).toContain(id);
      expect(await store.transaction((tx) => tx.liftFence(id))).toBe(true);
      expect(await store.transaction((tx) => tx.liftFence(id))).toBe(false);
      expect(await store.fence(id)).toBeUndefined();
      await record("third");
      expect((await store.fence(id))?.undo).toEqual({ note: "third" });
    });

    it("knows of a fence that is being taken away, until it is wanted again", async () => {
      const { id } = await queued();
      const fence = { migrationId: id, providerName: "fleet", addonId: "a", deadline: new Date() };
      const record = (note: string) =>
        store.transaction((tx) => tx.recordFence({ ...fence, undo: { note } }));
      await record("first");
      expect(await store.fenceStands(id)).toBe(true);
      await store.transaction((tx) => tx.beginLift(id));
      expect(await store.fenceStands(id)).toBe(false);
      await record("second");
      expect(await store.fenceStands(id)).toBe(true);
      expect((await store.fence(id))?.undo).toEqual({ note: "first" });
    });

    it("receives each delivery once", async () => {
      const receive = () => store.transaction((tx) => tx.receive("slack", "press 1"));

      expect([await receive(), await receive()]).toEqual([true, false]);
    });

    it("hands out only the head of a thread", async () => {
      const { id } = await queued();
      await send(id, "post", "root");
      await send(id, "post", "card");
      const root = await claimOf(id);

      expect(root?.messageKey).toBe("root");
      expect(await claimOf(id)).toBeUndefined();
      await store.markSent(root ?? never(), "m1");
      const card = await claimOf(id);
      expect(card).toMatchObject({ messageKey: "card", thread: { rootId: "m1" }, doubtful: false });
      await store.markSent(card ?? never(), "m2");
    });

    it("hands out a message whose claim ran out as doubtful, and ignores its first claimer's failure", async () => {
      const { id } = await queued();
      await send(id, "post", "root");
      const first = await claimOf(id, 1);
      const again = await until(() => claimOf(id), { what: "the claim to run out" });

      expect(again).toMatchObject({ attempts: 2, doubtful: true });
      await store.markDead(first ?? never(), "too late");
      await store.markSent(again, "m1");
      expect((await store.rootMessage(id))?.status).toBe("sent");
    });

    it("leaves out an unsent edit for a newer one, and edits what was posted last", async () => {
      const { id } = await queued();
      await send(id, "post", "card");
      await send(id, "edit", "card", "card");
      await send(id, "edit", "card", "card");
      await store.markSent((await claimOf(id)) ?? never(), "m1");
      const edit = await claimOf(id);

      expect(edit).toMatchObject({ kind: "edit", remoteId: "m1" });
      await store.markSent(edit ?? never(), "m1");
      expect(await claimOf(id)).toBeUndefined();
    });

    it("passes a pivot once and never back", async () => {
      const { id, source } = await queued();
      const change = {
        addonId: source.addonId,
        serverId: "s",
        planId: "p",
        database: "d",
        username: "u",
        secretRef: "r",
        retireOldAt: new Date(),
      };
      await store.transaction((tx) => tx.moveMigration(id, "running"));
      await store.transaction((tx) => tx.passPivot(id, change));

      expect((await store.migration(id))?.pivotPassed).toBe(true);
      await expect(store.transaction((tx) => tx.moveMigration(id, "rolling_back"))).rejects.toThrow();
    });
  });
}

function never(): never {
  throw new Error("there is no message");
}
