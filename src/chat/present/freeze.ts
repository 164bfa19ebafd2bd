import type { Freeze } from "../../core/freeze.ts";
import type { Actor } from "../../core/member.ts";
import type { Migration } from "../../core/migration.ts";
import type { Notification } from "../../core/notification.ts";
import { bold, type Message, paragraph, person, type Text, time } from "../message.ts";
import { plainText } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { addonName } from "./wording.ts";

const REASON_LIMIT = 300;

/** Who froze Godwit, since when and why. */
export function freezeWords({ by, since, reason }: Freeze): Text {
  return ["Godwit is frozen by ", person(by), " since ", time(since), `: ${tidy(reason, REASON_LIMIT)}`];
}

/** The part of `/db status` that says it. */
export function freezeStatus(freeze: Freeze): Text {
  return [...freezeWords(freeze), ". No migration starts or switches until someone types /db unfreeze."];
}

/** Tells a thread that its migration is held, or goes on. */
export function presentFreezing(
  news: Extract<Notification, { readonly kind: "frozen" | "unfrozen" }>,
): Message {
  return news.kind === "frozen"
    ? presentFrozen(news.migration, news.freeze)
    : presentUnfrozen(news.migration, news.by);
}

function presentFrozen(migration: Migration, freeze: Freeze): Message {
  const name = addonName(migration);
  const what =
    migration.startedAt === null
      ? `The migration of ${name} begins when that is over`
      : `The migration of ${name} stands still at its next safe point, and goes on by itself when that is over`;
  return ofText([...freezeWords(freeze), `. ${what}. The old database is in service and accepts writes.`]);
}

function presentUnfrozen(migration: Migration, by: Actor | null): Message {
  const who: Text = by === null ? [] : [" by ", person(by)];
  return ofText([bold("Godwit is unfrozen"), ...who, `. The migration of ${addonName(migration)} goes on.`]);
}

/** Answers who froze or unfroze. */
export function presentFreezeAnswer(kind: "frozen" | "unfrozen"): Message {
  return ofText([
    kind === "frozen"
      ? "Godwit is frozen. Nothing starts or switches; what runs stands still at its next safe point, and its thread says so. A database that is read-only is brought to the end."
      : "Godwit is unfrozen. What was held goes on.",
  ]);
}

function ofText(text: Text): Message {
  return { summary: plainText(text), parts: [paragraph(...text)] };
}
