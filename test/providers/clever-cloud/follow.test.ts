import { expect, test } from "vitest";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { Step, StepContext } from "../../../src/core/step.ts";
import { until } from "../../support/until.ts";
import { aRun, runStep, undoSteps } from "../self-hosted/helpers/run-steps.ts";
import { aLog, aPlatform, orders } from "./helpers/a-platform.ts";

const MINUTE_MS = 60_000;

/** A clock whose waiting takes no time; the times that were asked for are kept. */
function aHastyClock(startMs = 0): Clock & { readonly waits: number[]; readonly elapsedMs: () => number } {
  const waits: number[] = [];
  let skipped = startMs;
  return {
    waits,
    elapsedMs: () => skipped,
    now: () => new Date(Date.now() + skipped),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      skipped += ms;
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

async function held(poll: { firstMs: number; laterMs: number; slowMs: number }, clock: Clock) {
  const { clever, provider, lines } = await aPlatform({
    config: () => ({ poll, refusedForMs: 2 * MINUTE_MS }),
  });
  const addon = orders(clever);
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  const target = { planId: addon.plan.id, version: "17", zone: "par", strategy: "dump" } as const;
  const run = await aRun(provider, target, addon.id);
  const store = { outputs: run.outputs, passPivot: () => undefined };
  const world = { provider, clock, log: aLog(lines), store };
  await runStep(world, run, "check");
  await runStep(world, run, "start");
  return { clever, run, world, labels: () => run.progress.map(({ label }) => label) };
}

test("looks every 3 s at first, every 10 s after 30 s, every 30 s after 10 min, with a fifth of jitter", async () => {
  const clock = aHastyClock();
  const { clever, run, world } = await held({ firstMs: 3_000, laterMs: 10_000, slowMs: 30_000 }, clock);
  const stop = new AbortController();
  const following = runStep(world, run, "prepare", stop.signal);
  const ending = setInterval(() => clock.elapsedMs() > 15 * MINUTE_MS && stop.abort(new Error("enough")), 1);
  await expect(following).rejects.toThrow("enough");
  clearInterval(ending);
  clever.scenarios.release();

  const between = (fromMs: number, untilMs: number) =>
    clock.waits.filter((_, index) => {
      const at = clock.waits.slice(0, index).reduce((sum, ms) => sum + ms, 0);
      return at >= fromMs && at < untilMs;
    });
  // Real time passes too, so what is near a limit may fall on either side.
  expectAround(between(0, 20_000), 3_000);
  expectAround(between(35_000, 9 * MINUTE_MS), 10_000);
  expectAround(between(11 * MINUTE_MS, 15 * MINUTE_MS), 30_000);
  expect(new Set(clock.waits.slice(0, 8)).size).toBeGreaterThan(3);
});

function expectAround(waits: readonly number[], usualMs: number): void {
  expect(waits.length).toBeGreaterThan(3);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(usualMs * 0.8);
  expect(Math.max(...waits)).toBeLessThanOrEqual(usualMs * 1.2);
}

test("says after two hours that it takes long, and goes on looking", async () => {
  const clock = aHastyClock(3 * 60 * MINUTE_MS);
  const { clever, run, world, labels } = await held({ firstMs: 15, laterMs: 15, slowMs: 15 }, clock);
  const following = runStep(world, run, "prepare");
  const late =
    /^phase 2 of 6, new instance: DEPLOY_MIGRATION_INSTANCE for .*; longer than 2 h, and still at work$/;
  await until(() => late.test(labels().at(-1) ?? ""), { what: "the label" });
  clever.scenarios.release();

  await expect(following).resolves.toMatchObject({ readOnlyFrom: expect.any(Date) });
});

test("no step of a migration has a deadline that a long copy could meet", async () => {
  const clock = aHastyClock();
  const { run, world } = await held({ firstMs: 15, laterMs: 15, slowMs: 15 }, clock);
  const limits = new Map(
    world.provider.steps(run.migration).map((step: Step) => [step.name, step.timeoutMs]),
  );

  for (const name of ["start", "prepare", "follow"])
    expect(limits.get(name)).toBeGreaterThan(14 * 24 * 60 * MINUTE_MS);
});

test("what the check notes of the variables gives no value away", async () => {
  const clock = aHastyClock();
  const { clever, run } = await held({ firstMs: 15, laterMs: 15, slowMs: 15 }, clock);
  const [addon] = clever.world.addons.all;
  const output = JSON.stringify(
    run.outputs.get("check") satisfies ReturnType<StepContext["outputOf"]> | undefined,
  );

  expect(output).toContain("POSTGRESQL_ADDON_PASSWORD");
  for (const value of [addon?.access.password, addon?.access.host, addon?.access.user])
    expect(output).not.toContain(value);
});

test("an order finds what somebody else began since the check, and leaves it alone", async () => {
  const { clever, provider, lines } = await aPlatform();
  const addon = orders(clever);
  const target = { planId: addon.plan.id, version: "17", zone: "par", strategy: "dump" } as const;
  const run = await aRun(provider, target, addon.id);
  const store = { outputs: run.outputs, passPivot: () => undefined };
  const world = { provider, clock: aHastyClock(), log: aLog(lines), store };
  await runStep(world, run, "check");
  clever.scenarios.holdAt("DEPLOY_MIGRATION_INSTANCE");
  await fetch(`${clever.bridgeUrl}/v2/organisations/${clever.owner}/addons/${addon.id}/migrations`, {
    method: "POST",
    headers: { authorization: `Bearer ${clever.token}`, "content-type": "application/json" },
    body: JSON.stringify({ planId: addon.plan.id, region: "par", version: "16" }),
  });
  const [other] = clever.migrationsOf(addon);

  await expect(runStep(world, run, "start")).rejects.toMatchObject({
    code: "clever-cloud-already-running",
    summary: `Clever Cloud is migrating orders already: ${other?.id}, which no migration of Godwit follows.`,
  });
  await undoSteps(world, run);
  expect(other?.status).toBe("RUNNING");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
  expect(clever.callsTo("abortMigration")).toEqual([]);
});

test("a platform that refuses to tell for less than two minutes calls nobody", async () => {
  const clock = aHastyClock();
  const { clever, run, world } = await held({ firstMs: 3_000, laterMs: 3_000, slowMs: 3_000 }, clock);
  await until(() => clever.world.migrations.all[0]?.steps.at(-1)?.value === "DEPLOY_MIGRATION_INSTANCE", {
    what: "the new instance",
  });
  clever.faults.next("getMigration", { status: 401 }, { times: 9 });
  const following = runStep(world, run, "prepare");
  await Promise.race([following, until(() => clever.faults.pending === 0, { what: "the refusals" })]);
  clever.scenarios.release();

  await expect(following).resolves.toMatchObject({ readOnlyFrom: expect.any(Date) });
});

test("a platform that refuses to tell for longer leaves the migration to a person", async () => {
  const clock = aHastyClock();
  const { clever, run, world } = await held({ firstMs: 3_000, laterMs: 3_000, slowMs: 3_000 }, clock);
  clever.revokeToken();

  await expect(runStep(world, run, "prepare")).rejects.toMatchObject({ class: "stuck" });
  expect(clock.elapsedMs()).toBeGreaterThanOrEqual(2 * MINUTE_MS);
});
