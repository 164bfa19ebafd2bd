import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cancelMigration } from "../../src/migrations/cancel-migration.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { switchNow } from "../../src/migrations/decide-gate.ts";
import { freeze, unfreeze } from "../../src/migrations/freeze.ts";
import { pauseMigration, resumeMigration } from "../../src/migrations/pause-migration.ts";
import { retryMigration } from "../../src/migrations/retry-migration.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { settleFreeze } from "../../src/migrations/settle-freeze.ts";
import { until } from "../support/until.ts";
import { permanentFailure, STEP_NAMES } from "./scripted-provider.ts";
import { untilAborted } from "./step-behaviours.ts";
import { waitAtGate } from "./wait-at-gate.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

const BOB = { ...ALICE, id: "U2BOB", name: "bob" };
const FROZEN = { kind: "refused", refusal: { code: "frozen" } };

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
  bench.provider.behaviours.set("gate", waitAtGate);
});

afterEach(() => bench.close());

const signal = () => AbortSignal.timeout(9_000);
const stateOf = async (id: string) => (await bench.store.migration(id))?.state;
const freezeAll = () => freeze(bench.deps, { reason: "an incident.", by: BOB });
const thaw = () => unfreeze(bench.deps, BOB);
const posts = async (kind: string) => (await bench.outbox()).filter((line) => line === `post note ${kind}`);

describe("a freeze", () => {
  it("needs a reason, stands once, and is seen by every process", async () => {
    expect(await freeze(bench.deps, { reason: " . ", by: BOB })).toMatchObject({
      refusal: { code: "no-reason" },
    });
    expect(await freezeAll()).toMatchObject({ kind: "frozen", freeze: { reason: "an incident", by: BOB } });
    expect(await freezeAll()).toMatchObject({
      refusal: { summary: "It is frozen already: bob has frozen Godwit. The reason given: an incident." },
    });
    expect(await bench.store.freeze()).toMatchObject({ reason: "an incident", by: BOB });
    await thaw();
    expect(await bench.store.freeze()).toBeUndefined();
    expect(await thaw()).toMatchObject({ refusal: { code: "not-frozen" } });
  });

  it("lets nobody confirm or try again", async () => {
    const failed = await bench.confirmed();
    bench.provider.behaviours.set("check", async () => Promise.reject(permanentFailure()));
    await drive(bench.driver("one"), failed.id);
    const { id, planHash } = await bench.draft();
    await freezeAll();

    expect(
      await confirmMigration(bench.deps, { migrationId: id, planHash, by: ALICE }, signal()),
    ).toMatchObject(FROZEN);
    expect(await retryMigration(bench.deps, { migrationId: failed.id, by: ALICE }, signal())).toMatchObject(
      FROZEN,
    );
    expect(await stateOf(id)).toBe("awaiting_confirmation");
  });

  it("keeps what was confirmed from starting, tells its thread once, and lets it start afterwards", async () => {
    const { id } = await bench.confirmed();
    await freezeAll();
    await drive(bench.driver("one"), id);
    await settleFreeze(bench.deps);

    expect(bench.provider.history).toEqual([]);
    expect(await bench.store.idleMigrations()).toEqual([]);
    await thaw();
    expect(bench.rings.at(-1)).toBe(id);
    await drive(bench.driver("two"), id);

    expect(await stateOf(id)).toBe("succeeded");
    expect(await posts("frozen")).toHaveLength(1);
    expect(await posts("unfrozen")).toHaveLength(1);
  });

  it("holds a running migration between two steps, and it goes on by itself afterwards", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("provision", async () => {
      await freezeAll();
      return {};
    });
    await drive(bench.driver("one"), id);
    bench.provider.behaviours.delete("provision");

    expect(await bench.store.migration(id)).toMatchObject({ state: "paused", desired: "run" });
    expect(bench.provider.history).toEqual(["run check", "run provision"]);
    expect(await posts("frozen")).toHaveLength(1);
    await thaw();
    await drive(bench.driver("two"), id);

    expect(bench.provider.history).toEqual(STEP_NAMES.map((name) => `run ${name}`));
    expect(await posts("paused")).toEqual([]);
  });

  it.each(["fence", "copy", "finish"])(
    "lets a migration go on to its end from the fence on (%s)",
    async (step) => {
      const { id } = await bench.confirmed();
      const original = bench.provider.behaviours.get(step);
      bench.provider.behaviours.set(step, async (context) => {
        await freezeAll();
        return (await original?.(context)) ?? {};
      });
      await drive(bench.driver("one"), id);

      expect(await stateOf(id)).toBe("succeeded");
      expect(await posts("frozen")).toEqual([]);
    },
  );

  it("stops a copy under way in its middle", async () => {
    const { id } = await bench.confirmed("live");
    bench.provider.behaviours.set("replicate", (context) => untilAborted(context.signal));
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.includes("run replicate"), { what: "the copy to begin" });
    await freezeAll();
    await driving;

    expect(await stateOf(id)).toBe("paused");
    expect(bench.provider.history.at(-1)).toBe("undo replicate");
  });

  it("keeps a gate closed, also to who presses, and opens it afterwards", async () => {
    const { id } = await bench.confirmed("live-held");
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.includes("run gate"), { what: "the gate" });
    await freezeAll();

    expect(await switchNow(bench.deps, { migrationId: id, by: ALICE })).toMatchObject(FROZEN);
    expect(await posts("frozen")).toHaveLength(1);
    await thaw();
    await switchNow(bench.deps, { migrationId: id, by: ALICE });
    await driving;

    expect(await stateOf(id)).toBe("succeeded");
  });

  it("that comes at the last moment closes a gate that has opened", async () => {
    const { id } = await bench.confirmed("live");
    bench.provider.behaviours.set("gate", async (context) => {
      bench.provider.behaviours.set("gate", waitAtGate);
      const result = await waitAtGate(context);
      await freezeAll();
      return result;
    });
    const driving = drive(bench.driver("one"), id);
    await until(() => bench.provider.history.filter((line) => line === "run gate").length === 2, {
      what: "the gate to wait again",
    });
    expect(bench.provider.history).not.toContain("run fence");
    await thaw();
    await driving;

    expect(await stateOf(id)).toBe("succeeded");
  });

  it("leaves what a person paused paused, and lets nobody resume it meanwhile", async () => {
    const { id } = await bench.confirmed();
    await pauseMigration(bench.deps, id, ALICE);
    await freezeAll();

    expect(await resumeMigration(bench.deps, id, ALICE)).toMatchObject(FROZEN);
    await thaw();
    expect(await stateOf(id)).toBe("paused");
    expect(await posts("unfrozen")).toEqual([]);
    expect((await resumeMigration(bench.deps, id, ALICE)).kind).toBe("resumed");
  });

  it("keeps nobody from cancelling", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("provision", async () => {
      await freezeAll();
      return {};
    });
    await drive(bench.driver("one"), id);

    await cancelMigration(bench.deps, id, ALICE);
    await drive(bench.driver("two"), id);

    expect(await stateOf(id)).toBe("cancelled");
  });

  it("of a process that died before it told is told by the next sweep", async () => {
    const { id } = await bench.confirmed();
    await bench.store.transaction((tx) => tx.beginFreeze("an incident", BOB));
    expect(await posts("frozen")).toEqual([]);

    await settleFreeze(bench.deps);
    await bench.store.transaction((tx) => tx.endFreeze(BOB));
    await settleFreeze(bench.deps);

    expect([await posts("frozen"), await posts("unfrozen")].map(({ length }) => length)).toEqual([1, 1]);
    expect(await stateOf(id)).toBe("queued");
  });

  it("is told once by processes that sweep at the same moment", async () => {
    const { id } = await bench.confirmed();
    const sweeps = () => Promise.all(Array.from({ length: 6 }, () => settleFreeze(bench.deps)));
    await bench.store.transaction((tx) => tx.beginFreeze("an incident", BOB));
    await sweeps();
    await bench.store.transaction((tx) => tx.endFreeze(BOB));
    await sweeps();

    expect([await posts("frozen"), await posts("unfrozen")].map(({ length }) => length)).toEqual([1, 1]);
    expect(bench.rings.filter((rung) => rung === id)).toHaveLength(2);
  });
});
