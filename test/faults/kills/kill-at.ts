import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect } from "vitest";
import type { CrashPoint } from "../../../src/core/crash-point.ts";
import { auditAll } from "../../../src/migrations/audit/audit.ts";
import { readRecords } from "../../../src/store/read-records.ts";
import { askForMigration } from "../../journeys/ask-for-migration.ts";
import { expectWritesOn, replicationLeftovers } from "../../journeys/live-migration.ts";
import type { ChatMessage, Platform } from "../../journeys/platform/chat-driver.ts";
import type { Backend } from "../../journeys/scene.ts";
import { type Stage, withStage } from "../../journeys/stage.ts";
import type { GodwitProcess } from "../../journeys/start-godwit.ts";
import { until } from "../../support/until.ts";
import { type Scenario, scenarioOf } from "./scenarios.ts";

const REACH_MS = 90_000;
const END_MS = 120_000;
const RESULT = /orders is migrated|is back in service|was not touched/;

/** How a process is killed. */
export interface Kill {
  readonly point: CrashPoint;
  /** How often: the second process dies at the same point again, as the first one's successor. */
  readonly times: 1 | 2;
  readonly platform: Platform;
  readonly backend: Backend;
}

/** Leads a real migration to a crash point, kills there, lets another process follow, and looks what came of it. */
export async function killAt({ point, times, platform, backend }: Kill): Promise<void> {
  const scenario = scenarioOf(point);
  await withStage({ platform, backend, rows: 500 }, async (stage) => {
    const bot = await stage.startGodwit({ roles: "bot", environment: { PACE_SHARE: "0.1" } });
    const root = await askForMigration(stage.chat, { strategy: scenario.strategy });
    const crash = { stage, scenario, root, point, times };
    await (scenario.victim === "bot" ? killBot(crash, bot) : killWorkers(crash));
    await scenario.resolve(stage);
    await expectSound(stage, scenario, root);
  });
}

interface Crash {
  readonly stage: Stage;
  readonly scenario: Scenario;
  readonly root: ChatMessage;
  readonly point: CrashPoint;
  readonly times: 1 | 2;
}

async function killWorkers({ stage, scenario, root, point, times }: Crash): Promise<void> {
  const { environment } = scenario;
  const deadly = () => stage.startGodwit({ roles: "worker", environment: { ...environment, DIE_AT: point } });
  const first = scenario.isLate ? await stage.startGodwit({ roles: "worker" }) : await deadly();
  await confirm(stage, root);
  await scenario.approach(stage);
  if (!scenario.isLate) await expectKilled(first, point);
  for (let death = scenario.isLate ? 1 : 2; death <= times; death += 1)
    await expectKilled(await deadly(), point);
  // What was made to fail must fail for those who follow too; what cannot be undone is mended meanwhile.
  const { FAIL_AT } = environment;
  await stage.startGodwit({ roles: "worker", environment: FAIL_AT === undefined ? {} : { FAIL_AT } });
}

/** Between two deaths the worker stands still, so that there is something to tell for the second one too. */
async function killBot(crash: Crash, first: GodwitProcess): Promise<void> {
  const { stage, scenario, root, point, times } = crash;
  const isTwice = times === 2;
  const worker = await stage.startGodwit({
    roles: "worker",
    environment: { ...scenario.environment, ...(isTwice && { HOLD_AT: "copy-schema" }) },
  });
  if (point === "outbox: put back") stage.chat.trouble.turnsAway(2);
  first.order({ dieAt: point });
  await confirm(stage, root);
  await expectKilled(first, point);
  const second = await stage.startGodwit({ roles: "bot" });
  if (!isTwice) return;
  second.order({ dieAt: point });
  worker.order({ holdAt: null });
  await expectKilled(second, point);
  await stage.startGodwit({ roles: "bot" });
}

/** A press whose process dies under it is not answered; the person presses again when nothing moves. */
async function confirm(stage: Stage, root: ChatMessage): Promise<void> {
  await stage.chat
    .person("alice")
    .presses(root, "Migrate the database")
    .catch(() => undefined);
  const isConfirmed = async () => (await stage.migration()).state !== "awaiting_confirmation";
  await until(isConfirmed, { what: "the migration to be confirmed", timeoutMs: 30_000 });
}

/** A point that the story does not reach proves nothing. */
async function expectKilled(victim: GodwitProcess, point: CrashPoint): Promise<void> {
  await until(() => !victim.isAlive(), { what: `a process to reach “${point}”`, timeoutMs: REACH_MS });
  expect(await victim.ended()).toBe("SIGKILL");
}

/** Ended as it should, told once, with every write that was accepted, and every invariant holds. */
async function expectSound(stage: Stage, scenario: Scenario, root: ChatMessage): Promise<void> {
  const { pool, shop } = stage;
  const isOver = async () => (await stage.migration()).state === scenario.ends;
  await until(isOver, { what: `the migration to be ${scenario.ends}`, timeoutMs: END_MS });
  await until(async () => (await stage.store.oldestUnsentMs()) === 0, {
    what: "all to be told",
    timeoutMs: END_MS,
  });
  const results = root
    .thread()
    .messages()
    .filter((message) => RESULT.test(message.text()));
  expect(results.map((message) => message.text())).toHaveLength(1);
  const isMoved = scenario.ends === "succeeded";
  if (isMoved) expect((await stage.migration()).proof?.notVerified).toEqual([]);
  await expectWritesOn(stage, isMoved ? 18 : 15);
  const environment = parseEnv(await readFile(join(shop.folder, "shop.env"), "utf8"));
  const journal = await shop.checkJournal(environment["POSTGRESQL_ADDON_URI"] ?? "");
  expect(journal).toMatchObject({ missing: [], present: journal.accepted });
  expect(await replicationLeftovers(stage)).toEqual([]);
  const { violations } = await auditAll(readRecords(pool), { now: new Date(), graceMs: 20_000 });
  expect(violations).toEqual([]);
}
