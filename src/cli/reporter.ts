import { presentNotification } from "../chat/present/notification.ts";
import { renderPlain } from "../chat/render-plain.ts";
import type { Migration } from "../core/migration.ts";
import type { Notification } from "../core/notification.ts";
import { redact } from "../core/redact.ts";
import type { ShownStep } from "../core/step.ts";
import type { Refusal } from "../core/verdict.ts";

/** Tells a migration on standard output: the sentences of the chat, or one JSON object a line. */
export interface Reporter {
  notification(notification: Notification): void;
  refusal(refusal: Refusal): void;
  step(step: ShownStep, total: number): void;
  report(migration: Migration): void;
}

export function createReporter(json: boolean): Reporter {
  return json ? jsonReporter() : plainReporter();
}

function plainReporter(): Reporter {
  const print = (lines: readonly string[]) => console.log(lines.join("\n"));
  return {
    notification: (notification) => print([...renderPlain(presentNotification(notification)), ""]),
    refusal: ({ summary, remedy }) => console.error(`godwit: ${redact(`${summary} ${remedy}`)}`),
    step: ({ sequence, title, status, waitingFor }, total) =>
      print([`[${sequence}/${total}] ${title}: ${status}${waitingFor ? ` (${waitingFor})` : ""}`]),
    report: () => undefined,
  };
}

function jsonReporter(): Reporter {
  const print = (value: object) => console.log(JSON.stringify(value));
  return {
    notification: (notification) =>
      print({ type: notification.kind, migrationId: notification.migration.id }),
    refusal: (refusal) => print({ type: "refused", ...refusal }),
    step: ({ name, status, attempt, progress }) => print({ type: "step", name, status, attempt, progress }),
    report: (migration) => print({ type: "report", ...reportOf(migration) }),
  };
}

function reportOf(migration: Migration): object {
  const { id, state, proof, readOnlyFrom, readOnlyUntil, startedAt, finishedAt, failure } = migration;
  return {
    migrationId: id,
    state,
    rows: proof?.rows ?? null,
    bytes: proof?.bytes ?? null,
    seconds: secondsBetween(startedAt, finishedAt),
    readOnlySeconds: secondsBetween(readOnlyFrom, readOnlyUntil),
    verified: proof !== null && proof.notVerified.length === 0,
    failure: failure && { code: failure.code, step: failure.step, summary: failure.summary },
  };
}

function secondsBetween(from: Date | null, until: Date | null): number | null {
  return from && until ? (until.getTime() - from.getTime()) / 1000 : null;
}
