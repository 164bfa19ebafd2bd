import { afterEach, beforeEach, expect, it } from "vitest";
import { GodwitError } from "../../src/core/failure.ts";
import { markSolved } from "../../src/migrations/mark-solved.ts";
import { returnToOld } from "../../src/migrations/return-to-old.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { permanentFailure } from "./scripted-provider.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

function stuck(): GodwitError {
  return new GodwitError({ code: "stuck", class: "stuck", summary: "Nobody knows.", remedy: "Ask support." });
}

it("waits for support where it is when a step says that undoing is no help", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async () => {
    throw stuck();
  });
  await drive(bench.driver("one"), id);

  expect(await bench.store.migration(id)).toMatchObject({ state: "needs_support", pivotPassed: false });
  expect(bench.provider.history.filter((line) => line.startsWith("undo"))).toEqual([]);
  expect((await bench.outbox()).filter((line) => line === "post failure failed")).toHaveLength(1);
});

it("does not repeat an undo that says that it is no help", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async () => {
    throw permanentFailure();
  });
  bench.provider.behaviours.set("undo provision", async () => {
    throw stuck();
  });
  await drive(bench.driver("one"), id);

  expect((await bench.store.migration(id))?.state).toBe("needs_support");
  expect(bench.provider.history.filter((line) => line === "undo provision")).toHaveLength(1);
});

it("claims nothing of where the database is when a person marks it as solved", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async () => {
    throw stuck();
  });
  await drive(bench.driver("one"), id);
  await markSolved(bench.deps, { migrationId: id, by: ALICE, reason: "Looked, all well." });

  expect(await bench.store.migration(id)).toMatchObject({ state: "rolled_back" });
  const { rows } = await bench.pool.query(
    `SELECT notification ->> 'source' AS source, notification -> 'isOpen' AS open FROM godwit.chat_outbox
     WHERE notification ->> 'kind' = 'failed' ORDER BY id DESC LIMIT 1`,
  );
  expect(rows).toEqual([{ source: "unknown", open: false }]);
});

it("is not returned to the old database where undoing is no help", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async () => {
    throw stuck();
  });
  await drive(bench.driver("one"), id);

  expect(await returnToOld(bench.deps, { migrationId: id, by: ALICE })).toMatchObject({
    kind: "refused",
    refusal: { code: "no-way-back", remedy: "Ask support." },
  });
  expect((await bench.store.migration(id))?.state).toBe("needs_support");
});
