import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acknowledgeFailure } from "../../src/migrations/acknowledge-failure.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { retryMigration } from "../../src/migrations/retry-migration.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { anAddon, permanentFailure } from "./scripted-provider.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

const signal = () => AbortSignal.timeout(9_000);
const failing = async () => Promise.reject(permanentFailure());

describe("people's presses", () => {
  it("to take a failure over have one effect for each delivery", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    await drive(bench.driver("one"), id);

    for (let time = 0; time < 2; time += 1)
      await acknowledgeFailure(bench.deps, { migrationId: id, by: ALICE, deliveryId: "press-1" });

    expect((await bench.outbox()).filter((line) => line === "post note acknowledged")).toHaveLength(1);
  });

  it("are shown the add-on as it is now before they may confirm it", async () => {
    const { id, planHash } = await bench.draft();
    bench.provider.addon = anAddon({ version: "16", fullVersion: "16.1" });

    const answer = await confirmMigration(bench.deps, { migrationId: id, planHash, by: ALICE }, signal());

    expect(answer).toMatchObject({ kind: "refused", refusal: { code: "terms-changed" } });
    expect((await bench.store.migration(id))?.source.version).toBe("16");
  });
});

describe("the thread of a migration that is tried again", () => {
  it("still gets the last change of the card of the first attempt", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    await drive(bench.driver("one"), id);
    bench.provider.behaviours.delete("copy");

    const answer = await retryMigration(bench.deps, { migrationId: id, by: ALICE }, signal());
    if (answer.kind !== "retrying") throw new Error(JSON.stringify(answer));
    await drive(bench.driver("one"), answer.migration.id);

    const { rows } = await bench.pool.query<{ state: string }>(
      `SELECT notification -> 'migration' ->> 'state' AS state FROM godwit.chat_outbox
       WHERE kind = 'edit' AND message_key = 'card' AND status = 'pending' ORDER BY sequence`,
    );
    expect(rows.map(({ state }) => state)).toEqual(["rolled_back", "succeeded"]);
  });
});

describe("a failure that somebody has dealt with", () => {
  it("loses its buttons when it is tried again", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    await drive(bench.driver("one"), id);

    await retryMigration(bench.deps, { migrationId: id, by: ALICE }, signal());

    const { rows } = await bench.pool.query<{ open: string }>(
      `SELECT notification ->> 'isOpen' AS open FROM godwit.chat_outbox
       WHERE message_key = 'failure' AND status <> 'superseded' ORDER BY sequence`,
    );
    expect(rows.map(({ open }) => open)).toEqual(["true", "false"]);
  });

  it("cannot be tried again after a later migration of the same add-on", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", failing);
    await drive(bench.driver("one"), id);
    bench.provider.behaviours.delete("copy");
    const later = await bench.confirmed();
    await drive(bench.driver("one"), later.id);

    const answer = await retryMigration(bench.deps, { migrationId: id, by: ALICE }, signal());

    expect(answer).toMatchObject({ kind: "refused", refusal: { code: "superseded" } });
    expect(await bench.store.liveMigration("addon_orders")).toBeUndefined();
  });
});
