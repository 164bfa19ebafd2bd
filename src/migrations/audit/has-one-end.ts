import type { Records } from "../../core/records.ts";
import { isTerminal } from "../../core/transitions.ts";
import type { Violation } from "./audit.ts";

/** Events with which a migration ends. */
const ENDS: ReadonlySet<string> = new Set([
  "succeeded",
  "rolled-back",
  "cancelled",
  "expired",
  "rejected",
  "solved",
]);

/** What tells the end in the thread; an end that needs no message of its own edits the first one. */
const TOLD_BY: Readonly<Record<string, string>> = { succeeded: "succeeded", solved: "solved" };

/** A migration that has ended has one event that says so and tells it once; one that has not has none. */
export function hasOneEnd(records: Records): Violation[] {
  const { migration, events } = records;
  const migrationId = migration.id;
  const violations: Violation[] = [];
  const ends = events.filter(({ type }) => ENDS.has(type));
  const wanted = isTerminal(migration.state) ? 1 : 0;
  if (ends.length !== wanted)
    violations.push({
      invariant: "one-end",
      migrationId,
      what: `It is ${migration.state}, and ${ends.length} events say that it has ended.`,
    });
  const pivots = events.filter(({ type }) => type === "pivot-passed").length;
  if (pivots !== (migration.pivotPassed ? 1 : 0))
    violations.push({
      invariant: "pivot-once",
      migrationId,
      what: `Its pivot is ${migration.pivotPassed ? "" : "not "}passed, and ${pivots} events say that it was.`,
    });
  if (migration.pivotPassed && ["rolled_back", "cancelled"].includes(migration.state))
    violations.push({
      invariant: "pivot-once",
      migrationId,
      what: "It was taken back after its pivot had passed.",
    });
  return [...violations, ...isTold(records, ends[0]?.type)];
}

function isTold({ migration, messages }: Records, end: string | undefined): Violation[] {
  const { id, threadKey } = migration;
  const tells = end === undefined ? undefined : TOLD_BY[end];
  if (threadKey === null || tells === undefined) return [];
  const threads = new Set(messages.map((message) => message.threadKey));
  return [...threads].flatMap((thread) => {
    const count = messages.filter(
      (message) =>
        message.threadKey === thread &&
        message.kind === "post" &&
        message.tells === tells &&
        message.migrationId === id,
    ).length;
    if (count === 1) return [];
    return [
      { invariant: "end-told-once", migrationId: id, what: `Its end is told ${count} times in ${thread}.` },
    ];
  });
}
