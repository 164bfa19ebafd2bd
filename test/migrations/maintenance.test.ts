import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MaintenanceWindow } from "../../src/core/maintenance.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { openForm } from "../../src/migrations/open-form.ts";
import { submitRequest } from "../../src/migrations/submit-request.ts";
import { ALICE, CHANNEL, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(() => bench.close());

const signal = () => AbortSignal.timeout(9_000);

function ask(start: string) {
  const selection = { addonId: "addon_orders", planId: "pg-m", version: "18", strategy: "dump", start };
  return submitRequest(
    bench.deps,
    { selection, by: ALICE, place: CHANNEL, timeZone: "Europe/Paris" },
    signal(),
  );
}

describe("a maintenance window", () => {
  const always: MaintenanceWindow = {
    days: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    from: "00:00",
    to: "00:00",
    timeZone: "Europe/Paris",
  };

  it("is offered in the form where the provider has one, and starts at once while it is open", async () => {
    const form = () => openForm(bench.deps, { addonId: "addon_orders", start: "window" }, signal());
    expect(await form()).toMatchObject({ form: { start: { chosen: "now", opening: null } } });
    Object.assign(bench.provider, { maintenance: () => always });

    expect(await form()).toMatchObject({
      form: { start: { chosen: "window", opening: { timeZone: "Europe/Paris" } } },
    });
    const asked = await ask("window");
    if (asked.kind !== "posted") throw new Error(JSON.stringify(asked));
    const { id, planHash, schedule } = asked.migration;
    expect(schedule).toMatchObject({ kind: "window" });
    const isOpen = (schedule?.notBefore ?? new Date(0)) <= new Date();
    await confirmMigration(bench.deps, { migrationId: id, planHash, by: ALICE }, signal());
    expect((await bench.store.migration(id))?.state).toBe(isOpen ? "queued" : "scheduled");
  });
});
