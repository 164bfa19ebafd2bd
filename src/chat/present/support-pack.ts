import type { Notification, TimelineEntry } from "../../core/notification.ts";
import type { JsonObject } from "../../core/step.ts";
import { code, type Message, paragraph } from "../message.ts";
import { clean, tidy } from "../tidy.ts";
import { reportSections } from "./report.ts";
import { addonName } from "./wording.ts";

type Pack = Extract<Notification, { readonly kind: "support-pack" }>;

/** What support needs to begin: a file where the platform carries one, else the same text in the thread. */
export function presentSupportPack(news: Pack): Message {
  const { migration } = news;
  const text = textOf(news);
  return {
    summary: `The context of ${migration.id} for support: timeline, versions, plans, preflight and log.`,
    parts: [
      paragraph(
        "For support: what is known of ",
        code(migration.id),
        ` (${addonName(migration)}), which stopped at “${stoppedAt(news)}”.`,
      ),
      { kind: "verbatim", text },
    ],
    attachment: { name: `godwit-${migration.id.replaceAll(/[^a-z0-9_]/gu, "-")}-support.md`, text },
  };
}

/** A migration that fails again while it is taken back has another pack, which says so. */
function stoppedAt({ failure, steps }: Pack): string {
  return tidy(steps.find(({ name }) => name === failure.step)?.title ?? failure.step);
}

function textOf(news: Pack): string {
  const { failure, steps } = news;
  const undone = steps.filter(({ status }) => status === "undone").map(({ title }) => title);
  const standing = steps.filter(({ status }) => status === "done").map(({ title }) => title);
  const own = [
    [
      "## Where it stopped",
      `- Step: ${failure.step}`,
      `- Error code: ${failure.code}`,
      `- ${failure.summary}`,
      `- ${failure.remedy}`,
    ],
    ["## Undone", ...bullets(undone)],
    ["## Still standing", ...bullets(standing)],
    ["## Timeline", ...bullets(news.events.map(eventLine))],
    ["## Last log lines of the process that met the failure", ...bullets(news.log)],
  ];
  const sections = [...own.slice(0, 3), ...reportSections(news), ...own.slice(3)];
  return clean(`${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`);
}

function eventLine({ at, actor, type, data }: TimelineEntry): string {
  return `${at.toISOString()} ${type} by ${actor}${dataWords(data)}`;
}

function dataWords(data: JsonObject | undefined): string {
  const entries = Object.entries(data ?? {}).filter(([name]) => name !== "planHash" && name !== "epoch");
  return entries.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join("");
}

function bullets(lines: readonly string[]): string[] {
  return lines.length === 0 ? ["- none"] : lines.map((line) => `- ${line}`);
}
