import type { Migration, MigrationStep } from "../model.ts";
import { isoMicros, isoMillis } from "./times.ts";

/** A migration as GET tells it: the request's date in milliseconds ("elasticsearch/crud.go", the second sample). */
export function migrationWire(migration: Migration): unknown {
  return {
    migrationId: migration.id,
    requestDate: isoMillis(migration.requestedAtMs),
    steps: migration.steps.map(stepWire),
    status: migration.status,
  };
}

/** A migration as POST answers it: the date in microseconds (the first sample of the same file). */
export function startedMigrationWire(migration: Migration): unknown {
  return {
    migrationId: migration.id,
    requestDate: isoMicros(migration.requestedAtMs),
    steps: [],
    status: "RUNNING",
  };
}

function stepWire(step: MigrationStep): unknown {
  return {
    value: step.value,
    status: step.status,
    startDate: isoMicros(step.startedAtMs),
    ...(step.endedAtMs === undefined ? {} : { endDate: isoMicros(step.endedAtMs) }),
    ...(step.message === undefined ? {} : { message: step.message }),
  };
}
