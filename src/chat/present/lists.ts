import type { Answer, ListedAddon, MigrationStatus } from "../../core/answer.ts";
import type { CommandSummary } from "../../core/command.ts";
import { formatDuration } from "../../core/format.ts";
import { holdOf } from "../../core/hold.ts";
import type { Migration, MigrationState } from "../../core/migration.ts";
import { namedVersion } from "../../core/version.ts";
import {
  bold,
  code,
  fullTime,
  heading,
  list,
  type Message,
  note,
  type Part,
  paragraph,
  type Text,
  time,
} from "../message.ts";
import { plainText } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { freezeStatus } from "./freeze.ts";
import { titleOf } from "./progress.ts";
import { moveOf, plural, reasonWords } from "./wording.ts";

const SHOWN = 30;
const MISSING_LIMIT = 400;
const STATE_WORDS: Readonly<Record<MigrationState, string>> = {
  awaiting_confirmation: "awaits confirmation",
  scheduled: "scheduled",
  queued: "waiting for its turn",
  running: "running",
  paused: "paused",
  rolling_back: "being taken back",
  succeeded: "succeeded",
  rolled_back: "failed and taken back",
  needs_support: "needs support",
  cancelled: "cancelled",
  expired: "expired",
  rejected: "rejected",
};

/** `/db list`: the add-ons a person may migrate. */
export function presentAddons(addons: readonly ListedAddon[], missing: readonly string[] = []): Message {
  const { summary, parts } =
    addons.length === 0
      ? empty("Databases", "There is no database to migrate.")
      : listed("Databases", addons.map(addonLine), plural(addons.length, "database"));
  const sentences = missing.map((text) => tidy(text, MISSING_LIMIT));
  return {
    summary: [summary, ...sentences].join(" "),
    parts: [...parts, ...sentences.map((text) => paragraph(text))],
  };
}

/** `/db status`: what is running now. */
export function presentStatus(
  { running, freeze = null }: Extract<Answer, { readonly kind: "status" }>,
  now: Date,
): Message {
  const lines = running.map((status) => statusLine(status, now));
  const { summary, parts } =
    running.length === 0
      ? empty("Status", "No migration is running.")
      : listed("Status", lines, `${plural(running.length, "migration")} running`);
  if (freeze === null) return { summary, parts };
  const frozen = freezeStatus(freeze);
  return { summary: `${plainText(frozen)} ${summary}`, parts: [...parts, paragraph(...frozen)] };
}

/** `/db history`: past migrations, newest first. */
export function presentHistory(answer: Extract<Answer, { readonly kind: "history" }>): Message {
  const title = answer.addonName === null ? "History" : `History of ${tidy(answer.addonName)}`;
  if (answer.migrations.length === 0) return empty(title, "No migration has been asked for yet.");
  return listed(title, answer.migrations.map(historyLine), plural(answer.migrations.length, "migration"));
}

/** `/db help`: every subcommand with what it does. */
export function presentHelp(commands: readonly CommandSummary[], unknown: string | null): Message {
  const apology =
    unknown === null ? "" : `There is no subcommand ${tidy(unknown)}. These are the ones there are.`;
  const lines = commands.map((command): Text => [code(usageOf(command)), `: ${command.description}.`]);
  const plain = commands.map((command) => `${usageOf(command)}: ${command.description}.`).join(" ");
  return {
    summary: `${apology} ${plain}`.trim(),
    parts: [
      heading("Godwit migrates databases"),
      ...(apology === "" ? [] : [paragraph(apology)]),
      list(lines),
    ],
  };
}

/** How a migration stands or ended, in words. */
function stateWords({ state, resolution }: Pick<Migration, "state" | "resolution">): string {
  if (!resolution) return STATE_WORDS[state];
  return `marked as solved by ${tidy(resolution.by.name)} (${reasonWords(resolution.reason)})`;
}

function usageOf(command: CommandSummary): string {
  const options = command.options.map(({ isRequired, placeholder }) =>
    isRequired ? `<${placeholder}>` : `[${placeholder}]`,
  );
  return ["/db", command.name, ...options].join(" ");
}

function addonLine(addon: ListedAddon): Text {
  const facts = `${tidy(namedVersion(addon.engineName, addon.version))}, plan ${tidy(addon.planName)}, zone ${tidy(addon.zone)}`;
  const held: Text = addon.migration === null ? [] : [`, migration ${stateWords(addon.migration)}`];
  return [bold(tidy(addon.name)), " (", code(tidy(addon.id)), `): ${facts}`, ...held];
}

function statusLine(status: MigrationStatus, now: Date): Text {
  const { migration, steps, link } = status;
  const ordered = [...steps].sort((left, right) => left.sequence - right.sequence);
  const waiting = ordered.find((step) => step.status === "running")?.waitingFor ?? null;
  const since =
    migration.startedAt === null
      ? ""
      : `, started ${formatDuration(now.getTime() - migration.startedAt.getTime())} ago`;
  return [
    `${titleOf(migration, ordered)}${since}`,
    ...(migration.state === "scheduled" && migration.schedule
      ? [", starts ", fullTime(migration.schedule.notBefore)]
      : []),
    holdOf(migration, ordered) === "holding" ? ", pausing" : "",
    waiting === null ? "" : `, waiting for: ${tidy(waiting, 200)}`,
    ", ",
    code(migration.id),
    ...(link === null ? [] : [", ", { kind: "link", text: "open the thread", url: link } as const]),
  ];
}

function historyLine(migration: Migration): Text {
  const name = tidy(migration.source.addonName);
  const by = ` asked for by ${tidy(migration.requestedBy.name)}, `;
  return [
    time(migration.createdAt),
    " ",
    bold(name),
    `: ${moveOf(migration)}, ${stateWords(migration)},${by}`,
    code(migration.id),
  ];
}

function listed(title: string, lines: readonly Text[], count: string): Message {
  const hidden = lines.length - SHOWN;
  const rest: Part[] =
    hidden > 0 ? [note(`${plural(hidden, "more entry", "more entries")} not shown here.`)] : [];
  const shown = lines.slice(0, SHOWN);
  return { summary: `${title}: ${count}.`, parts: [heading(title), list(shown), ...rest] };
}

function empty(title: string, text: string): Message {
  return { summary: text, parts: [heading(title), paragraph(text)] };
}
