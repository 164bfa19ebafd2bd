import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cancelMigration } from "../../src/migrations/cancel-migration.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { until } from "../support/until.ts";
import { relocation, untilAborted } from "./step-behaviours.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

const stateOf = async (id: string) => (await bench.store.migration(id))?.state;
const runs = () => bench.provider.history.filter((line) => line.startsWith("run"));

describe("a cancel", () => {
  it("before the start ends the migration without running a step", async () => {
    const { id } = await bench.confirmed();

    await cancelMigration(bench.deps, id, ALICE);
    await drive(bench.driver("one"), id);

    expect(await stateOf(id)).toBe("cancelled");
    expect(bench.provider.history).toEqual([]);
  });

  it("during the copy stops it and takes everything back", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", (context) => untilAborted(context.signal));
    const driving = drive(bench.driver("one"), id);
    await until(() => runs().includes("run copy"), { what: "the copy to begin" });

    const answer = await cancelMigration(bench.deps, id, ALICE);
    await driving;

    expect(answer.kind).toBe("cancelling");
    expect(await stateOf(id)).toBe("cancelled");
    expect(bench.provider.history).toContain("undo fence");
    expect(await bench.outbox()).toContain("post read-only read-only-ended");
  });

  it("after the pivot is refused with its reason", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("switch", async (context) => {
      await context.passPivot(relocation());
      return {};
    });
    bench.provider.behaviours.set("finish", (context) => untilAborted(context.signal));
    const driver = bench.driver("one");
    const driving = drive(driver, id);
    await until(() => runs().includes("run finish"), { what: "the last step to begin" });

    const answer = await cancelMigration(bench.deps, id, ALICE);
    driver.stop();
    await driving;

    expect(answer).toMatchObject({ kind: "refused", refusal: { code: "past-the-pivot" } });
  });
});
