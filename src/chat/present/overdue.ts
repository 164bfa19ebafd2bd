import type { Migration } from "../../core/migration.ts";
import type { Notification } from "../../core/notification.ts";
import { bold, code, fact, heading, type Message, note, paragraph, SUPPORT } from "../message.ts";
import { tidy } from "../tidy.ts";
import { acknowledgeButton } from "./confirm-dialog.ts";
import { addonName, sentence } from "./wording.ts";

const DETAIL_LIMIT = 500;

/** Asks support to look at a migration that takes far too long and has not failed. */
export function presentOverdue({
  migration,
  stepTitle,
  concern,
}: Extract<Notification, { readonly kind: "overdue" }>): Message {
  const title = `The migration of ${addonName(migration)} takes longer than it should`;
  const [summary, remedy] = [sentence(concern.summary), sentence(concern.remedy)];
  const state = stateSentence(migration);
  return {
    summary: `Support: ${title} (${tidy(concern.code)}). ${summary} ${state} ${remedy} Add-on ${tidy(migration.source.addonId)}, migration ${migration.id}.`,
    parts: [
      paragraph(SUPPORT, ": please look at add-on ", code(tidy(migration.source.addonId)), "."),
      heading(title),
      {
        kind: "facts",
        facts: [
          fact("Add-on", tidy(migration.source.addonName), " (", code(tidy(migration.source.addonId)), ")"),
          fact("Migration", code(migration.id)),
          fact("Step", tidy(stepTitle)),
        ],
      },
      paragraph(bold("What is known: "), summary),
      paragraph(bold("The database now: "), state),
      paragraph(bold("What to do: "), remedy),
      ...(concern.detail.trim() === "" ? [] : [note("For support: ", tidy(concern.detail, DETAIL_LIMIT))]),
      {
        kind: "buttons",
        buttons: [acknowledgeButton(migration)],
      },
    ],
  };
}

/** Says before all else that nothing is lost or decided. */
function stateSentence({ readOnlyFrom, readOnlyUntil }: Migration): string {
  const use =
    readOnlyFrom !== null && readOnlyUntil === null
      ? "Until it ends, the database can be read and refuses writes."
      : "The database is in service and accepts writes.";
  return `Nothing has failed and nothing was stopped: the migration goes on. ${use} This thread tells how it ends.`;
}
