import type { Migration } from "../../core/migration.ts";
import type { Notification, SourceState } from "../../core/notification.ts";
import {
  bold,
  code,
  fact,
  heading,
  type Message,
  note,
  type Part,
  type PressButton,
  paragraph,
  SUPPORT,
} from "../message.ts";
import { tidy } from "../tidy.ts";
import { acknowledgeButton, buttonFor } from "./confirm-dialog.ts";
import { reportOf } from "./report.ts";
import { isReturn } from "./revert.ts";
import { addonName, sentence, sidesOf } from "./wording.ts";

const DETAIL_LIMIT = 500;

type Failed = Extract<Notification, { readonly kind: "failed" }>;

/** The support page: whom it concerns, which step failed, what it means, what state the database is in, what to do. */
export function presentFailed(news: Failed): Message {
  const { migration, failure } = news;
  const step = `step ${news.stepNumber} of ${news.stepCount}, ${tidy(news.stepTitle)}`;
  const title = `The migration of ${addonName(migration)} failed at ${step}`;
  const state = sourceSentence(news.source, migration);
  const remedy = sentence(failure.remedy);
  return {
    summary: `Support: ${title} (${tidy(failure.code)}). ${sentence(failure.summary)} ${state} ${remedy} Add-on ${tidy(migration.source.addonId)}, migration ${migration.id}.`,
    parts: [
      paragraph(SUPPORT, ": please look at add-on ", code(tidy(migration.source.addonId)), "."),
      heading(title),
      {
        kind: "facts",
        facts: [
          fact("Add-on", tidy(migration.source.addonName), " (", code(tidy(migration.source.addonId)), ")"),
          fact("Migration", code(migration.id)),
          fact("Step", `${news.stepNumber} of ${news.stepCount}: ${tidy(news.stepTitle)}`),
          fact("Error code", code(tidy(failure.code))),
        ],
      },
      paragraph(bold("What happened: "), sentence(failure.summary)),
      paragraph(bold("The database now: "), state),
      paragraph(bold("What to do: "), remedy),
      ...detailParts(failure.detail),
      ...(news.isOpen ? buttonParts(news) : []),
    ],
    attachment: reportOf(news),
  };
}

/** Where the database is, in one or two sentences. */
function sourceSentence(source: SourceState, migration: Migration): string {
  const { left } = sidesOf(migration);
  switch (source) {
    case "untouched":
      return `${capital(left)} was not touched: it is in service and accepts writes.`;
    case "returning":
      return `Godwit is returning to ${left}. Its thread says when writes are open again.`;
    case "returned":
      return `${capital(left)} is back in service and accepts writes. No data was lost.`;
    case "moved":
      return movedSentence(migration);
    case "unknown":
      return "Godwit cannot tell which database is in service, so it has stopped. Change nothing until support has looked.";
  }
}

/** Says no more than was seen: not every provider lets the data be compared, and not every one keeps the old database. */
function movedSentence(migration: Migration): string {
  if (isReturn(migration))
    return "The add-on is back at the old database. An application that has not moved to it yet cannot write. The new database is kept.";
  const { proof, preflight } = migration;
  const holds =
    proof === null
      ? "The new database is in service; Godwit has not compared what it holds."
      : "The new database is in service and holds all the data.";
  const kept = preflight.impact.retentionHours > 0 ? " The old database is kept." : "";
  return `${holds} An application that has not moved to it yet cannot write.${kept}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function detailParts(detail: string): readonly Part[] {
  if (detail.trim() === "") return [];
  return [note("For support: ", tidy(detail, DETAIL_LIMIT))];
}

function buttonParts({ migration, steps }: Failed): readonly Part[] {
  const redo = steps.filter(({ status }) => status !== "done").map(({ title }) => title);
  const buttons = buttonsOf(migration, redo);
  const isWaiting = migration.state === "needs_support" && redo.length > 0;
  return [
    ...(isWaiting
      ? [paragraph(bold("A retry does again: "), `${redo.map((title) => tidy(title)).join(", ")}.`)]
      : []),
    ...(buttons.length === 0 ? [] : [{ kind: "buttons", buttons } as const]),
  ];
}

/** None once the migration moves on or has ended otherwise. */
function buttonsOf(migration: Migration, redo: readonly string[]): readonly PressButton[] {
  const acknowledge = acknowledgeButton(migration);
  switch (migration.state) {
    case "rolling_back":
      return [acknowledge];
    case "rolled_back":
      return [buttonFor("retry", migration, { label: "Try again", style: "primary" }), acknowledge];
    case "needs_support":
      return [
        buttonFor("retry", migration, { label: "Retry from this step", style: "primary", redo }),
        ...wayBack(migration),
        buttonFor("solve", migration, { label: "Mark as solved", style: "plain" }),
        acknowledge,
      ];
    default:
      return [];
  }
}

/** There is none from the pivot on, nor where the failed step has said that undoing is no help. */
function wayBack(migration: Migration): readonly PressButton[] {
  if (migration.pivotPassed || migration.failure?.stuck === true) return [];
  return [buttonFor("return", migration, { label: "Return to the old database", style: "danger" })];
}
