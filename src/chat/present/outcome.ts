import type { Migration, Resolution } from "../../core/migration.ts";
import { person, type Text, time } from "../message.ts";
import { scheduleWords } from "./schedule.ts";
import { reasonWords, sidesOf } from "./wording.ts";

/** What became of a migration that once awaited confirmation, in a line with who and when. */
export function outcomeOf(migration: Migration): Text {
  if (migration.resolution) return [...confirmedBy(migration), " ", ...solvedWords(migration.resolution)];
  switch (migration.state) {
    case "awaiting_confirmation":
      return ["Waiting for someone to confirm."];
    case "scheduled":
      return [
        ...confirmedBy(migration),
        " ",
        ...(migration.schedule ? scheduleWords(migration.schedule) : []),
      ];
    case "queued":
    case "running":
      return [...confirmedBy(migration), " Progress is in this thread."];
    case "paused":
      return [...confirmedBy(migration), " It is paused; the thread says why."];
    case "rolling_back":
      return [
        ...confirmedBy(migration),
        ` It is being taken back: ${sidesOf(migration).left} stays in service.`,
      ];
    case "succeeded":
      return [...confirmedBy(migration), ...finished(migration, " Succeeded")];
    case "rolled_back":
      return [...confirmedBy(migration), ...finished(migration, " Failed and taken back")];
    case "needs_support":
      return [...confirmedBy(migration), " Stopped: support is needed. The thread says why."];
    case "cancelled":
      return [...cancelledBy(migration), migration.startedAt === null ? " Nothing was started." : ""];
    case "expired":
      return expired(migration);
    case "rejected":
      return ["This plan was rejected. Nothing was changed."];
  }
}

function confirmedBy(migration: Migration): Text {
  if (migration.confirmedBy === null) return ["Confirmed."];
  const by = ["Confirmed by ", person(migration.confirmedBy)];
  return migration.queuedAt === null ? [...by, "."] : [...by, ", ", time(migration.queuedAt), "."];
}

function expired(migration: Migration): Text {
  if (migration.confirmedBy !== null)
    return [...confirmedBy(migration), " It waited for a decision that nobody took. Nothing was changed."];
  return [
    "Nobody confirmed in time, so this plan has expired. Nothing was changed. Run /db migrate for a new one.",
  ];
}

/** Claims nothing of where the database is: a person has put it in order by hand. */
function solvedWords({ by, reason }: Resolution): Text {
  return ["Stopped, and marked as solved by ", person(by), `: ${reasonWords(reason)}`];
}

function cancelledBy(migration: Migration): Text {
  if (migration.desiredBy === null) return finished(migration, "Cancelled");
  const by = ["Cancelled by ", person(migration.desiredBy)];
  return migration.finishedAt === null ? [...by, "."] : [...by, ", ", time(migration.finishedAt), "."];
}

function finished(migration: Migration, word: string): Text {
  return migration.finishedAt === null ? [`${word}.`] : [`${word} `, time(migration.finishedAt), "."];
}
