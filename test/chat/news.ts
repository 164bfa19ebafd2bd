import type { Freeze } from "../../src/core/freeze.ts";
import type { Gate } from "../../src/core/gate.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Notification } from "../../src/core/notification.ts";
import { DeliveryError, type DeliveryProblem } from "../../src/core/ports/chat.ts";
import type { Schedule } from "../../src/core/schedule.ts";
import { alice, aMigration, aProof, aRunningMigration, aStep, at } from "./makers.ts";

export function confirmation(change: Partial<Migration> = {}): Notification {
  return { kind: "confirmation", migration: aMigration(change), confirmable: true };
}

export function failed(): Notification {
  const summary = "The connection was lost.";
  const failure = {
    code: "copy-interrupted",
    step: "copy-data",
    summary,
    remedy: "Try again.",
    detail: "reset",
  };
  return {
    kind: "failed",
    migration: aRunningMigration({ state: "rolled_back" }),
    stepTitle: "Copy the data",
    stepNumber: 5,
    stepCount: 9,
    failure,
    steps: [aStep({ status: "failed" })],
    source: "returned",
    isOpen: true,
  };
}

export function succeeded(): Notification {
  const migration = aRunningMigration({ state: "succeeded", proof: aProof(), finishedAt: at("14:05:00") });
  const applications = [{ name: "Shop", connectedAt: at("14:04:00") }];
  const steps = [aStep({ status: "done", startedAt: at("14:02:00"), finishedAt: at("14:03:00") })];
  return {
    kind: "succeeded",
    migration,
    applications,
    variables: ["DATABASE_URL"],
    steps,
    oldKeptUntil: null,
  };
}

export function progress(change: Parameters<typeof aStep>[0] = {}): Notification {
  const done = { status: "done", startedAt: at("14:00:00"), finishedAt: at("14:00:03") } as const;
  const steps = [aStep({ name: "check", title: "Check", ...done }), aStep({ sequence: 2, ...change })];
  return { kind: "progress", migration: aRunningMigration(), steps, at: at("14:02:00") };
}

/** A step that began three seconds after the migration. */
export const running = { status: "running", startedAt: at("14:00:03") } as const;

/** What a delivery failed with. */
export async function problemOf(work: Promise<unknown>): Promise<DeliveryProblem> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof DeliveryError)) throw new Error("no delivery error was thrown", { cause: error });
  return error.problem;
}

/** A gate after a switch that was taken back. */
export function aGate(change: Partial<Gate> = {}): Gate {
  const reason = "The switch did not come through within 60 s.";
  const stands = { mode: "automatic", state: "retrying", reason, tries: 1, retryAt: at("14:05:00") } as const;
  return { ...stands, switchAt: null, decidedBy: null, ...change };
}

/** A migration that starts in the evening. */
export function aScheduledMigration(change: Partial<Schedule> = {}): Migration {
  const times = { notBefore: at("20:00:00"), startBy: at("20:30:00"), lookedAt: null, heldFor: null };
  return aMigration({
    state: "scheduled",
    confirmedBy: alice,
    schedule: { kind: "at", ...times, ...change },
  });
}

/** Because of an incident. */
export const aFreeze: Freeze = { id: "1", reason: "an incident", by: alice, since: at("14:00:30") };

/** One notification of each kind. */
export const everyKind: Readonly<Record<Notification["kind"], Notification>> = {
  confirmation: confirmation(),
  progress: progress(running),
  "read-only-began": {
    kind: "read-only-began",
    migration: aRunningMigration({ readOnlyFrom: at("14:03:00") }),
  },
  "read-only-ended": { kind: "read-only-ended", migration: aRunningMigration(), on: "new" },
  "switch-returned": { kind: "switch-returned", migration: aRunningMigration({ gate: aGate() }) },
  "gate-decided": { kind: "gate-decided", migration: aRunningMigration({ gate: aGate() }), by: alice },
  succeeded: succeeded(),
  failed: failed(),
  overdue: {
    kind: "overdue",
    migration: aRunningMigration(),
    stepTitle: "Copy the data",
    concern: { code: "overdue", summary: "It takes long.", remedy: "Ask why.", detail: "step 4" },
  },
  stuck: {
    kind: "stuck",
    migration: aRunningMigration(),
    mayReturn: true,
    step: {
      migrationId: "mig_0000000000000000",
      name: "copy-data",
      title: "Copy the data <@U1>",
      since: at("14:01:00"),
      usualMs: 60_000,
      waitingFor: "copying @everyone *orders*",
    },
  },
  "support-called": { kind: "support-called", migration: aRunningMigration(), by: alice },
  "page-escalated": { kind: "page-escalated", migration: aRunningMigration(), afterMs: 900_000 },
  "support-pack": {
    kind: "support-pack",
    migration: aRunningMigration(),
    failure: { code: "x", step: "copy-data", summary: "It broke.", remedy: "Look.", detail: "" },
    steps: [],
    events: [
      {
        at: at("14:01:00"),
        actor: "slack:U0ALICE",
        type: "confirmed",
        data: { note: "<!here> @everyone ```" },
      },
    ],
    log: ["2026-11-22T14:01:00.000Z warn step stopped <@U1> *bold* ``` @everyone"],
  },
  cancelled: { kind: "cancelled", migration: aRunningMigration(), by: alice, started: true },
  retrying: { kind: "retrying", migration: aRunningMigration(), by: alice, redo: ["Copy the data"] },
  paused: { kind: "paused", migration: aRunningMigration({ state: "paused", desired: "pause" }), by: alice },
  "start-reminder": { kind: "start-reminder", migration: aScheduledMigration(), isChecked: true },
  "start-held": { kind: "start-held", migration: aScheduledMigration({ heldFor: "The price has changed." }) },
  frozen: { kind: "frozen", migration: aRunningMigration({ freeze: aFreeze }), freeze: aFreeze },
  unfrozen: { kind: "unfrozen", migration: aRunningMigration(), by: alice },
  resumed: { kind: "resumed", migration: aRunningMigration(), by: alice },
  acknowledged: { kind: "acknowledged", migration: aRunningMigration(), by: alice },
  solved: {
    kind: "solved",
    migration: aRunningMigration(),
    by: alice,
    reason: "By hand.",
    left: ["A role."],
  },
  returning: { kind: "returning", migration: aRunningMigration(), by: alice },
  redeploying: { kind: "redeploying", migration: aRunningMigration(), application: "Shop", by: alice },
  redeployed: {
    kind: "redeployed",
    migration: aRunningMigration(),
    application: "Shop",
    problem: "Its deployment failed.",
  },
  "retirement-announced": { kind: "retirement-announced", migration: aMigration(), dropAt: at("18:00:00") },
  retired: { kind: "retired", migration: aMigration() },
  "following-ended": {
    kind: "following-ended",
    migration: aMigration(),
    reason: "The schema of orders has changed since the switch, and such changes are not carried back.",
  },
  recheck: { kind: "recheck", migration: aMigration(), findings: [] },
};
