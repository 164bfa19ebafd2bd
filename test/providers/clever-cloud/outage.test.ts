import { expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { Secret } from "../../../src/core/secret.ts";
import { retryMigration } from "../../../src/migrations/retry-migration.ts";
import { drive } from "../../../src/migrations/runner/drive.ts";
import { until } from "../../support/until.ts";
import { aRun, runStep } from "../self-hosted/helpers/run-steps.ts";
import { ALICE, aBench, type Bench } from "./helpers/a-bench.ts";
import { aLog, aPlatform, NEVER, orders } from "./helpers/a-platform.ts";

async function drivenToCopy(bench: Bench) {
  const addon = orders(bench.clever);
  bench.clever.scenarios.holdAt("DUMP_AND_RESTORE");
  const { id } = await bench.confirmed({ addonId: "orders", version: "17" });
  const driver = bench.driver();
  const driving = drive(driver, id);
  await until(
    async () => (await bench.store.steps(id)).some((s) => s.name === "follow" && s.status === "running"),
    {
      what: "the copy",
    },
  );
  return { addon, id, driver, driving };
}

test.each([
  ["503", { status: 503 }],
  ["429", { status: 429, retryAfter: 0 }],
  ["a broken connection", { drop: true }],
  ["an answer that nobody understands", { status: 200, body: { steps: "soon" } }],
] as const)("a burst of %s while it follows makes no failure of a migration", async (_, fault) => {
  const bench = await aBench();
  const { clever, store, posted } = bench;
  const { id, driving } = await drivenToCopy(bench);
  clever.faults.next("getMigration", fault, { times: 6 });
  await until(() => clever.faults.pending === 0, { what: "the burst to be over" });
  clever.scenarios.release();
  await driving;

  expect((await store.migration(id))?.state).toBe("succeeded");
  expect(await posted()).not.toContain("failed");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
});

test("a worker that goes away while the platform copies leaves the rest to the next one", async () => {
  const bench = await aBench();
  const { clever, store, driver, posted } = bench;
  const addon = orders(clever);
  clever.scenarios.holdAt("DUMP_AND_RESTORE");
  const { id } = await bench.confirmed({ addonId: "orders", version: "17" });
  const one = driver("one");
  const driving = drive(one, id);
  await until(() => clever.migrationsOf(addon)[0]?.steps.at(-1)?.value === "DUMP_AND_RESTORE", {
    what: "the copy",
  });
  one.stop();
  await driving;
  clever.scenarios.release();
  await drive(driver("two"), id);

  expect((await store.migration(id))?.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
  expect((await posted()).filter((kind) => kind === "read-only-began")).toHaveLength(1);
});

test("a token that is revoked while it follows parks the migration, and a new one goes on with it", async () => {
  const bench = await aBench();
  const { clever, store, deps, told } = bench;
  const { id, driving } = await drivenToCopy(bench);
  clever.revokeToken();
  await driving;
  const runId = clever.world.migrations.all[0]?.id;

  expect(await store.migration(id)).toMatchObject({
    state: "needs_support",
    failure: { code: "clever-cloud-token-refused" },
  });
  const lines = await told(id, "failed");
  expect(lines).toContain(
    `What happened: Clever Cloud does not take Godwit's token: it has run out, was revoked, or is mistyped. ${runId} goes on there, and Godwit does not see it.`,
  );
  expect(lines).toContain(
    "What to do: Ask an operator to make a new one, as docs/clever-cloud.md says, and to start Godwit again. Then press Retry from this step: Godwit goes on watching where it was.",
  );
  clever.scenarios.release();
  clever.issueToken("a-new-token", "ADMIN");
  await retryMigration(deps, { migrationId: id, by: ALICE, deliveryId: "d1" }, NEVER);
  const credentials = { kind: "token", token: new Secret("a-new-token") } as const;
  await drive(bench.elsewhere({ credentials }), id);

  expect((await store.migration(id))?.state).toBe("succeeded");
  expect(clever.callsTo("startMigration")).toHaveLength(1);
  expect(clever.callsTo("abortMigration")).toEqual([]);
});

test("a platform that does not answer for long is told on the card, not as a failure", async () => {
  const bench = await aBench();
  const { clever, told } = bench;
  const { id, driver, driving } = await drivenToCopy(bench);
  clever.faults.next("getMigration", { status: 200, body: "busy" }, { times: 12 });
  const line = await until(
    async () => (await told(id, "progress")).find((text) => text.includes("does not answer")),
    { what: "the card to say so" },
  );
  expect(line).toMatch(
    /^- Copy and switch: In progress for .*\. Clever Cloud's interface does not answer; the migration goes on there, and Godwit asks again each minute$/,
  );
  driver.stop();
  await driving;
});

test("an outage after the switch is waited for, and calls nobody", async () => {
  const { clever, provider, lines } = await aPlatform();
  const addon = orders(clever);
  const target = { planId: addon.plan.id, version: "17", zone: "par", strategy: "dump" } as const;
  const run = await aRun(provider, target, addon.id);
  const store = { outputs: run.outputs, passPivot: () => undefined };
  const world = { provider, clock: systemClock, log: aLog(lines), store };
  for (const step of ["check", "start", "prepare", "follow"]) await runStep(world, run, step);
  // So long a pause is left to whoever called, so each of these is an answer that the step itself has to bear.
  clever.faults.next("getAddonEnv", { status: 429, retryAfter: 60 }, { times: 3 });
  clever.faults.next("listLinkedApplications", { status: 429, retryAfter: 60 }, { times: 3 });

  await expect(runStep(world, run, "verify")).resolves.toBeDefined();
  await expect(runStep(world, run, "watch-applications")).resolves.toBeDefined();
  expect(clever.faults.pending).toBe(0);
});
