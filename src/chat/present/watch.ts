import { formatDuration } from "../../core/format.ts";
import type { Notification } from "../../core/notification.ts";
import {
  bold,
  code,
  type Message,
  type PressButton,
  paragraph,
  person,
  SUPPORT,
  type Text,
  time,
} from "../message.ts";
import { plainText } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { acknowledgeButton, buttonFor } from "./confirm-dialog.ts";
import { addonName, sentence } from "./wording.ts";

type Watched = Extract<Notification, { readonly kind: "stuck" | "support-called" | "page-escalated" }>;

/** What the watchdogs say. */
export function presentWatch(news: Watched): Message {
  switch (news.kind) {
    case "stuck":
      return presentStuck(news);
    case "support-called":
      return called(news, [SUPPORT, ": ", person(news.by), " asks you to look at "]);
    case "page-escalated":
      return called(news, [
        SUPPORT,
        `: nobody has acknowledged the call for support within ${formatDuration(news.afterMs)}. Please look at `,
      ]);
  }
}

/** Which step, since when, what it waits for, and what people can do. */
function presentStuck({ migration, step, mayReturn }: Extract<Watched, { readonly kind: "stuck" }>): Message {
  const usual =
    step.usualMs === null
      ? ""
      : ` In earlier migrations of this fleet it took at most ${formatDuration(step.usualMs)} in all.`;
  const waits = step.waitingFor === null ? "" : ` It was last at: ${sentence(step.waitingFor)}.`;
  const text: Text = [
    bold(`“${tidy(step.title)}” of ${addonName(migration)} has not got on`),
    " since ",
    time(step.since),
    `.${waits}${usual} It goes on by itself if it can.`,
  ];
  const buttons: PressButton[] = [
    buttonFor("wait", migration, { label: "Wait", style: "plain" }),
    ...(mayReturn
      ? [buttonFor("return", migration, { label: "Return to the old database", style: "danger" })]
      : []),
    buttonFor("page", migration, { label: "Page support", style: "primary" }),
  ];
  return { summary: plainText(text), parts: [paragraph(...text), { kind: "buttons", buttons }] };
}

function called({ migration }: Watched, words: Text): Message {
  const { addonId } = migration.source;
  const text: Text = [
    ...words,
    "add-on ",
    code(tidy(addonId)),
    ` (${addonName(migration)}), migration `,
    code(migration.id),
    ".",
  ];
  const acknowledge = acknowledgeButton(migration);
  return {
    summary: plainText(text),
    parts: [paragraph(...text), { kind: "buttons", buttons: [acknowledge] }],
  };
}
