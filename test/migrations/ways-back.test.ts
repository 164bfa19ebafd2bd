import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { considerPress } from "../../src/migrations/consider-press.ts";
import { markSolved } from "../../src/migrations/mark-solved.ts";
import { retryMigration } from "../../src/migrations/retry-migration.ts";
import { returnToOld } from "../../src/migrations/return-to-old.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { permanentFailure } from "./scripted-provider.ts";
import { relocation } from "./step-behaviours.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

const failing = async () => Promise.reject(permanentFailure());
const migrationOf = async (id: string) => bench.store.migration(id);

/** Waits for support before the pivot: the copy failed, and so did the undo of what stands. */
async function stoppedBeforePivot(): Promise<string> {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", failing);
  bench.provider.behaviours.set("undo provision", failing);
  await drive(bench.driver("one"), id);
  bench.provider.behaviours.clear();
  bench.provider.history.length = 0;
  return id;
}

async function stoppedAfterPivot(): Promise<string> {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("switch", async (context) => {
    await context.passPivot(relocation());
    return {};
  });
  bench.provider.behaviours.set("finish", failing);
  await drive(bench.driver("one"), id);
  return id;
}

describe("a return to the old database", () => {
  it("takes back what stands of a migration that waits for support before its pivot", async () => {
    const id = await stoppedBeforePivot();

    const answer = await returnToOld(bench.deps, { migrationId: id, by: ALICE });
    expect(answer).toMatchObject({ kind: "returning" });
    expect(bench.rings.at(-1)).toBe(id);
    await drive(bench.driver("two"), id);

    expect(bench.provider.history).toEqual(["undo provision", "undo check"]);
    expect(await migrationOf(id)).toMatchObject({ state: "rolled_back" });
    expect(await bench.store.liveMigration("addon_orders")).toBeUndefined();
    expect(await bench.outbox()).toContain("post note returning");
  });

  it("cancels a migration that runs", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", async () => {
      await returnToOld(bench.deps, { migrationId: id, by: ALICE });
      return {};
    });
    await drive(bench.driver("one"), id);

    expect(await migrationOf(id)).toMatchObject({ state: "cancelled" });
  });

  it("is refused after the pivot, with what to do instead", async () => {
    const id = await stoppedAfterPivot();

    expect(await returnToOld(bench.deps, { migrationId: id, by: ALICE })).toMatchObject({
      kind: "refused",
      refusal: { code: "past-the-pivot" },
    });
    expect(await migrationOf(id)).toMatchObject({ state: "needs_support" });
  });

  it("happens once however often it is asked for", async () => {
    const id = await stoppedBeforePivot();
    const answers = await Promise.all(
      [1, 2, 3].map(() => returnToOld(bench.deps, { migrationId: id, by: ALICE })),
    );

    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["refused", "refused", "returning"]);
  });
});

describe("a retry", () => {
  it("says beforehand which steps it does again, and does those", async () => {
    const id = await stoppedBeforePivot();
    const considered = await considerPress(bench.deps, { action: "retry", migrationId: id });
    if (considered.kind === "refused") throw new Error(considered.refusal.summary);

    await retryMigration(bench.deps, { migrationId: id, by: ALICE }, AbortSignal.timeout(9_000));
    await drive(bench.driver("two"), id);

    // What was taken back is done again, and so is what failed; the check still holds.
    expect(considered.redo).toEqual(["provision", "fence", "copy", "switch", "finish"]);
    expect(bench.provider.history).toEqual(considered.redo.map((step) => `run ${step}`));
  });
});

describe("a migration that is marked as solved", () => {
  it("keeps who did it and why, in its events and its history", async () => {
    const id = await stoppedAfterPivot();
    await markSolved(bench.deps, { migrationId: id, by: ALICE, reason: "  Restarted the shop by hand. " });

    const resolution = { by: ALICE, reason: "Restarted the shop by hand." };
    expect(await migrationOf(id)).toMatchObject({ state: "succeeded", resolution });
    const { rows } = await bench.pool.query("SELECT data FROM godwit.events WHERE type = 'solved'");
    expect(rows).toEqual([{ data: { reason: resolution.reason, left: [] } }]);
  });

  it("names what is left where it is", async () => {
    bench.provider.leftBehind = () => ["The new database orders_new."];
    const id = await stoppedBeforePivot();
    await markSolved(bench.deps, { migrationId: id, by: ALICE, reason: "By hand." });

    const { rows } = await bench.pool.query(
      "SELECT notification -> 'left' AS left FROM godwit.chat_outbox WHERE notification ->> 'kind' = 'solved'",
    );
    expect(rows).toEqual([{ left: ["The new database orders_new."] }]);
  });

  it.each([
    ["", "reason-missing"],
    [" \n ", "reason-missing"],
    ["x".repeat(501), "reason-too-long"],
  ])("stays as it is without a reason that can be kept (%#)", async (reason, code) => {
    const id = await stoppedAfterPivot();

    expect(await markSolved(bench.deps, { migrationId: id, by: ALICE, reason })).toMatchObject({
      kind: "refused",
      refusal: { code },
    });
    expect(await migrationOf(id)).toMatchObject({ state: "needs_support" });
  });

  it("keeps no password that slipped into the reason", async () => {
    const id = await stoppedAfterPivot();
    await markSolved(bench.deps, { migrationId: id, by: ALICE, reason: "Set password=canary-4711 anew." });

    const { rows } = await bench.pool.query(
      `SELECT count(*)::int AS count FROM godwit.events e, godwit.chat_outbox o, godwit.migrations m
       WHERE concat(e.data, o.notification, m.resolution) LIKE '%canary%'`,
    );
    expect(rows).toEqual([{ count: 0 }]);
  });
});
