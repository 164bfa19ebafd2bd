import { judgeRequest } from "../migration/judge-request.ts";
import { plotOfExtensions } from "../migration/removed-extensions.ts";
import type { Addon, Migration, Placement } from "../model.ts";
import { noResourceIn, type RefusalName, refuse } from "../refusal.ts";
import { recordViolation, refuseViolation } from "../report-violation.ts";
import { findAddon } from "./find.ts";
import { migrationWire, startedMigrationWire } from "./migration-wire.ts";
import type { Answer, Call } from "./operation.ts";
import { readStartBody } from "./read-start-body.ts";

export function listMigrations(call: Call): Answer {
  return { status: 200, body: call.world.migrations.of(findAddon(call)).map(migrationWire) };
}

export function getMigration(call: Call): Answer {
  const migration = findMigration(call, findAddon(call));
  if (!call.world.polls.allows(migration.id)) {
    const message = `${migration.id} is polled more often than every ${call.world.settings.minPollMs} ms`;
    recordViolation(call.world, { where: call.where, error: "fast-polling", message });
  }
  return { status: 200, body: migrationWire(migration) };
}

/** Starts one. The answer has no steps yet and the status RUNNING ("elasticsearch/crud.go"). */
export function startMigration(call: Call): Answer {
  const { world } = call;
  const addon = findAddon(call);
  const target = readStartBody(call, addon);
  refuseUnready(call, addon);
  const refusal = judgeRequest(addon, target);
  if (refusal !== undefined) refuseTarget(call, target, refusal);
  if (world.migrations.running(addon)) return startSecond(call, addon, target);
  const plot = world.plots.take(addon) ?? plotOfExtensions(addon, target) ?? {};
  const migration = world.migrations.add(addon, target, plot);
  world.runner.start(addon, migration);
  return { status: 200, body: startedMigrationWire(migration) };
}

/** guess: the answer of a successful DELETE is 204; the official client expects nothing. */
export function abortMigration(call: Call): Answer {
  const migration = findMigration(call, findAddon(call));
  if (!call.world.runner.canCancel(migration)) {
    const message = `${migration.id} is ${migration.status} at ${migration.steps.at(-1)?.value ?? "no step"}`;
    refuseViolation(call.world, { where: call.where, error: "late-cancel", message, refusal: "tooLate" });
  }
  call.world.runner.cancel(migration);
  return { status: 204 };
}

function findMigration(call: Call, addon: Addon): Migration {
  return call.world.migrations.find(addon, call.params.migration ?? "") ?? refuse("unknownMigration");
}

/** "terraform-provider-clevercloud": an add-on created seconds ago cannot be migrated. */
function refuseUnready({ world, where }: Call, addon: Addon): void {
  const ageMs = world.clock.now() - addon.createdAtMs;
  if (ageMs >= world.settings.minAddonAgeMs) return;
  const message = `${addon.id} is ${ageMs} ms old`;
  refuseViolation(world, { where, error: "refused-target", message, refusal: "notReady" });
}

function refuseTarget(call: Call, { plan, zone, version }: Placement, refusal: RefusalName): never {
  const message = `${refusal}: ${plan.slug}, version ${version}, zone ${zone}`;
  const answer = refusal === "noResource" ? { answer: noResourceIn(zone) } : {};
  refuseViolation(call.world, { where: call.where, error: "refused-target", message, refusal, ...answer });
}

function startSecond(call: Call, addon: Addon, target: Placement): Answer {
  const { world, where } = call;
  const violation = { where, error: "second-migration" as const, message: `${addon.id} is being migrated` };
  if (world.settings.secondMigration === "refused") {
    refuseViolation(world, { ...violation, refusal: "alreadyRunning" });
  }
  recordViolation(world, violation);
  const migration = world.migrations.add(addon, target, {
    end: "failed",
    at: "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON",
    message: "A migration is already running for this addon.",
  });
  world.runner.start(addon, migration);
  return { status: 200, body: startedMigrationWire(migration) };
}
