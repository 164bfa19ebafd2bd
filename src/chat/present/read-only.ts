import { formatDuration } from "../../core/format.ts";
import type { Migration } from "../../core/migration.ts";
import { bold, type Message, paragraph, type Text, time } from "../message.ts";
import { plainText } from "../render-plain.ts";
import { addonName, durationRange, sidesOf } from "./wording.ts";

/** Tells that writes are refused from now on, and for how long. */
export function presentReadOnlyBegan(migration: Migration): Message {
  const { estimate } = migration.preflight;
  const range = durationRange(estimate.minSeconds, estimate.maxSeconds);
  const since: Text = migration.readOnlyFrom === null ? [" now"] : [" since ", time(migration.readOnlyFrom)];
  return ofText([
    bold(`${addonName(migration)} is read-only`),
    ...since,
    `. It can be read, and writes are refused, for about ${range}. This thread says when writes are open again.`,
  ]);
}

/** Tells that writes are open again, and on which database. */
export function presentReadOnlyEnded(migration: Migration, on: "new" | "old"): Message {
  const { left, reached } = sidesOf(migration);
  const where = on === "new" ? reached : `${left}, which stays in service`;
  return ofText([
    bold(`${addonName(migration)} accepts writes again`),
    `, on ${where}.${measured(migration)}`,
  ]);
}

function measured(migration: Migration): string {
  if (migration.readOnlyFrom === null || migration.readOnlyUntil === null) return "";
  const ms = migration.readOnlyUntil.getTime() - migration.readOnlyFrom.getTime();
  return ` It was read-only for ${formatDuration(ms)}.`;
}

function ofText(text: Text): Message {
  return { summary: plainText(text), parts: [paragraph(...text)] };
}
