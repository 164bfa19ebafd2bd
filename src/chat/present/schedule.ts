import type { Migration } from "../../core/migration.ts";
import type { Notification } from "../../core/notification.ts";
import type { Schedule } from "../../core/schedule.ts";
import {
  bold,
  fullTime,
  type Message,
  type Part,
  type PressButton,
  paragraph,
  person,
  type Text,
  time,
} from "../message.ts";
import { plainText } from "../render-plain.ts";
import { buttonFor } from "./confirm-dialog.ts";
import { findingParts } from "./findings.ts";
import { addonName, sentence } from "./wording.ts";

/** When a migration starts, as the plan says it before anyone confirms. */
export function startFact(schedule: Schedule | null | undefined): Text {
  if (!schedule) return ["As soon as it is confirmed"];
  if (schedule.kind === "at") return [fullTime(schedule.notBefore)];
  return [
    "In the maintenance window: ",
    fullTime(schedule.notBefore),
    ", at the latest ",
    time(schedule.startBy),
  ];
}

/** When a scheduled migration starts, or why it waits. */
export function scheduleWords(schedule: Schedule): Text {
  if (schedule.heldFor !== null)
    return [
      "It was to start ",
      fullTime(schedule.notBefore),
      ` and waits for someone to decide: ${sentence(schedule.heldFor)}`,
    ];
  return ["It starts ", fullTime(schedule.notBefore), " and is checked again shortly before."];
}

/** What can be decided of a scheduled migration besides its cancel. */
export function scheduleButtons(migration: Migration): readonly PressButton[] {
  if (migration.state !== "scheduled") return [];
  const start = buttonFor("start", migration, { label: "Start now", style: "primary" });
  const buttons = [{ ...start, planHash: migration.planHash }];
  if (!migration.schedule?.heldFor) return buttons;
  return [...buttons, buttonFor("recheck", migration, { label: "Check again", style: "plain" })];
}

/** Tells a thread that a start comes near, or is held for a person. */
export function presentStartNews(
  news: Extract<Notification, { readonly kind: "start-reminder" | "start-held" }>,
): Message {
  return news.kind === "start-reminder"
    ? presentStartReminder(news.migration, news.isChecked)
    : presentStartHeld(news.migration);
}

/** Reminds whoever asked for a migration of its start. */
function presentStartReminder(migration: Migration, isChecked: boolean): Message {
  const at = migration.schedule?.notBefore ?? migration.createdAt;
  const found = isChecked
    ? " It was checked again, and nothing stands in its way."
    : " It is checked again shortly before.";
  return withButtons(migration, [
    person(migration.requestedBy),
    `, the migration of ${addonName(migration)} starts `,
    fullTime(at),
    `.${found}`,
  ]);
}

/** Tells whoever asked for a migration why it does not start by itself. */
function presentStartHeld(migration: Migration): Message {
  const message = withButtons(
    migration,
    [
      person(migration.requestedBy),
      ", ",
      bold(`the migration of ${addonName(migration)} does not start by itself`),
      `: ${sentence(migration.schedule?.heldFor ?? "Something stands in the way.")} Start it as it is now, check again, or cancel it; nothing was changed.`,
    ],
    findingParts(migration.preflight.findings),
  );
  return message;
}

function withButtons(migration: Migration, text: Text, between: readonly Part[] = []): Message {
  const cancel = buttonFor("cancel", migration, { label: "Cancel the migration", style: "plain" });
  const buttons = [...scheduleButtons(migration), cancel];
  return {
    summary: plainText(text),
    parts: [paragraph(...text), ...between, { kind: "buttons", buttons }],
  };
}
