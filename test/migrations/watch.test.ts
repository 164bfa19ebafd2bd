import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../../src/core/ports/log.ts";
import { acknowledgeFailure } from "../../src/migrations/acknowledge-failure.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { callSupport, escalatePages } from "../../src/migrations/watch/escalate-pages.ts";
import { tellStuck, waitLonger } from "../../src/migrations/watch/tell-stuck.ts";
import { createOutboxWatch } from "../../src/migrations/watch/watch-outbox.ts";
import { until } from "../support/until.ts";
import { permanentFailure } from "./scripted-provider.ts";
import { untilAborted } from "./step-behaviours.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

const told = async (kind: string) =>
  (await bench.outbox()).filter((line) => line.endsWith(` ${kind}`)).length;
const later = (table: string, column: string) =>
  bench.pool.query(`UPDATE godwit.${table} SET ${column} = ${column} - interval '1 hour'`);

async function failed(): Promise<string> {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async () => Promise.reject(permanentFailure()));
  await drive(bench.driver("one"), id);
  return id;
}

describe("a call for support", () => {
  it("is repeated once when nobody acknowledges it in time, however many processes look", async () => {
    await failed();
    await escalatePages(bench.deps);
    expect(await told("page-escalated")).toBe(0);

    await later("support_pages", "called_at");
    await Promise.all([1, 2, 3, 4].map(() => escalatePages(bench.deps)));
    await escalatePages(bench.deps);

    expect(await told("page-escalated")).toBe(1);
  });

  it("is not repeated once somebody looks after it", async () => {
    const id = await failed();
    await acknowledgeFailure(bench.deps, { migrationId: id, by: ALICE });
    await later("support_pages", "called_at");
    await escalatePages(bench.deps);

    expect(await told("page-escalated")).toBe(0);
  });

  const concern = { code: "overdue", summary: "It takes long.", remedy: "Ask why.", detail: "" };

  it("that a step makes itself is repeated too", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", async (context) => {
      for (const _ of [1, 2]) await context.askSupport(concern);
      await later("support_pages", "called_at");
      for (const _ of [1, 2]) await escalatePages(bench.deps);
      return {};
    });
    await drive(bench.driver("one"), id);

    expect(await told("overdue")).toBe(1);
    expect(await told("page-escalated")).toBe(1);
  });

  it("is not repeated once the migration has ended well", async () => {
    const { id } = await bench.confirmed();
    bench.provider.behaviours.set("copy", async (context) => {
      await context.askSupport(concern);
      return {};
    });
    await drive(bench.driver("one"), id);
    await later("support_pages", "called_at");
    await escalatePages(bench.deps);

    expect(await told("overdue")).toBe(1);
    expect(await told("page-escalated")).toBe(0);
  });
});

describe("a step that does not get on", () => {
  let id: string;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    ({ id } = await bench.confirmed());
    bench.provider.behaviours.set("copy", async ({ signal }) => untilAborted(signal));
    const worker = bench.driver("one");
    const driving = drive(worker, id);
    await until(() => bench.provider.history.includes("run copy"), { what: "the copy to begin" });
    stop = async () => {
      worker.stop();
      await driving;
    };
  });

  afterEach(async () => {
    await stop();
  });

  it("is told once for each silence, and again after somebody has waited as long once more", async () => {
    await tellStuck(bench.deps);
    expect(await told("stuck")).toBe(0);

    await later("steps", "progressed_at");
    await Promise.all([1, 2, 3].map(() => tellStuck(bench.deps)));
    expect(await told("stuck")).toBe(1);

    expect(await waitLonger(bench.deps, { migrationId: id, by: ALICE })).toMatchObject({ kind: "waiting" });
    await tellStuck(bench.deps);
    expect(await told("stuck")).toBe(1);
    await bench.pool.query(
      `UPDATE godwit.steps SET progressed_at = progressed_at - interval '1 hour',
         stuck_told_at = stuck_told_at - interval '3 hours'`,
    );
    await tellStuck(bench.deps);
    expect(await told("stuck")).toBe(2);
  });

  it("is left alone for a multiple of what such steps took before", async () => {
    await bench.pool.query(
      `INSERT INTO godwit.migrations (id, addon_id, state, source, target, target_plan, quote, preflight, plan_hash,
         platform, requested_by, finished_at)
       SELECT 'mig_0000000000000001', 'other', 'succeeded', source, target, target_plan, quote, preflight, plan_hash,
         platform, requested_by, clock_timestamp() FROM godwit.migrations`,
    );
    await bench.pool.query(
      `INSERT INTO godwit.steps (migration_id, sequence, name, title, status, started_at, finished_at)
       VALUES ('mig_0000000000000001', 1, 'copy', 'copy', 'done', now() - interval '50 minutes', now())`,
    );
    await later("steps", "progressed_at");
    await tellStuck(bench.deps);
    expect(await told("stuck")).toBe(0);

    await later("steps", "progressed_at");
    await later("steps", "progressed_at");
    await tellStuck(bench.deps);
    expect(await told("stuck")).toBe(1);
  });

  it("is shown to support by a press, once for each delivery, and that call is escalated too", async () => {
    for (const _ of [1, 2])
      await callSupport(bench.deps, { migrationId: id, by: ALICE, deliveryId: "press-1" });
    expect(await told("support-called")).toBe(1);

    await later("support_pages", "called_at");
    await escalatePages(bench.deps);
    expect(await told("page-escalated")).toBe(1);
  });
});

it("tells operators once in five minutes that messages do not get through", async () => {
  const errors: object[] = [];
  const log: Log = { ...bench.deps.log, error: (fields) => void errors.push(fields) };
  const watch = createOutboxWatch();
  await bench.draft();
  await watch({ ...bench.deps, log });
  expect(errors).toEqual([]);

  await later("chat_outbox", "created_at");
  await watch({ ...bench.deps, log });
  await watch({ ...bench.deps, log });

  expect(errors).toEqual([{ oldestMs: expect.any(Number) }]);
});
