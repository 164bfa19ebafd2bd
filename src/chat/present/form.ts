import type { AddonSummary } from "../../core/addon.ts";
import type { FormStart, MigrationForm } from "../../core/form.ts";
import { formatBytes } from "../../core/format.ts";
import { formatMoney } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import { quoteMove } from "../../core/quote.ts";
import type { MigrationOptions, Offer } from "../../core/target.ts";
import { namedVersion } from "../../core/version.ts";
import { bold, code, type Fact, fact, list, type Part, paragraph, type Text } from "../message.ts";
import { tidy } from "../tidy.ts";
import { differenceOf } from "./billing.ts";
import { refusalText } from "./refusal.ts";
import { nameList, planWords, plural, strategyName } from "./wording.ts";

const REASONS_SHOWN = 15;

/** The words of the form; the platforms share them. Lengths fit Slack's and Discord's limits. */
export const FORM_WORDS = {
  title: "Migrate a database",
  submit: "Check and post",
  close: "Close",
  chooseAddon: "Which database do you want to migrate?",
  searchAddon: "Type part of its name",
  searchHint:
    "If the list stays empty, nothing matches or the provider answers slowly: type part of the name again.",
  nothingFound:
    "No database was found, or the provider answers slowly. Run /db migrate again; with its name, where you know it.",
  loading: "Reading the database as it is now…",
  checking:
    "Checking the database. This can take a moment; the plan is posted to the channel when it is done.",
  posting: "The plan is being posted to the channel…",
  waiting: "The plan is on its way: the channel is slow to take it, and it appears there as soon as it can.",
  next: "Nothing starts yet: the database is checked and the plan is posted to this channel, where you confirm it.",
  refresh: "Same plan, version and zone: this is a refresh, a new instance on the latest patch.",
  nothingOffered: "Nothing can be chosen for this database now. The reasons are below.",
  tryAgain: "Try again",
  edit: "Edit",
  open: "Open the form",
  fields: {
    plan: "New plan",
    version: "New version",
    zone: "Zone",
    strategy: "Strategy",
    start: "Start",
    startAt: "Start at",
  },
  starts: { now: "As soon as it is confirmed", at: "At a time…" },
} as const;

/** The database as it is, at the top of the form. */
export function currentFacts(form: MigrationForm): readonly Fact[] {
  const { addon } = form;
  const names = addon.linkedApplications.map((application) => application.name);
  return [
    fact("Database", bold(tidy(addon.name)), " (", code(tidy(addon.id)), ")"),
    fact("Now", `${tidy(namedVersion(addon.engineName, addon.fullVersion))}, zone ${tidy(addon.zone)}`),
    fact("Plan", `${planWords(addon.plan)}, ${formatMoney(addon.plan.monthlyPrice)} per month`),
    ...(addon.usedBytes > 0 ? [fact("Size", formatBytes(addon.usedBytes))] : []),
    fact("Linked applications", ...(names.length === 0 ? ["none"] : nameList(names, "bold"))),
  ];
}

/** The next maintenance window in a list of choices: `In the maintenance window: Sun 6 Dec, 02:00 (Europe/Paris)`. */
export function windowChoice({ opensAt, timeZone }: NonNullable<FormStart["opening"]>): string {
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  return `In the maintenance window: ${time.format(opensAt)} (${timeZone})`;
}

/** An add-on in a list of choices: `orders · PostgreSQL 15 · S`. */
export function addonChoice(addon: AddonSummary): string {
  return `${tidy(addon.name, 40)} · ${tidy(namedVersion(tidy(addon.engineName, 15), tidy(addon.version, 15)))} · ${tidy(addon.planName, 20)}`;
}

/** A plan in a list of choices: `M · 4 GiB · 40 GiB disk · 98.00 EUR`. */
export function planChoice(plan: Plan): string {
  const { memoryBytes, diskBytes } = plan;
  const sizes = [
    ...(memoryBytes > 0 ? [formatBytes(memoryBytes)] : []),
    ...(diskBytes > 0 ? [`${formatBytes(diskBytes)} disk`] : []),
  ];
  return [tidy(plan.name, 30), ...sizes, formatMoney(plan.monthlyPrice)].join(" · ");
}

/** Why each missing choice is missing; choices with one reason share a line. */
export function notOfferedParts(options: MigrationOptions): readonly Part[] {
  const lines = [
    ...reasons(options.plans, (plan) => `plan ${tidy(plan.name)}`),
    ...reasons(options.versions, (choice) => `version ${tidy(choice.version)}`),
    ...reasons(options.zones, (zone) => `zone ${tidy(zone.name)}`),
    ...reasons(options.strategies, strategyName),
  ];
  if (lines.length === 0) return [];
  const hidden = lines.length - REASONS_SHOWN;
  const rest: Text[] = hidden > 0 ? [[`${plural(hidden, "more reason")} not shown here.`]] : [];
  return [paragraph(bold("Not offered")), list([...lines.slice(0, REASONS_SHOWN), ...rest])];
}

/** How a submitted form ended well; `channel` is the platform's ID of where the plan is. */
export function postedText(channel: string, link: string | null): Text {
  const where: Text = ["The plan is posted in ", { kind: "channel", id: channel }];
  const what = "Read what the migration does, then confirm or cancel it there.";
  if (link === null) return [...where, `. ${what}`];
  return [...where, ": ", { kind: "link", text: "open the plan", url: link }, `. ${what}`];
}

/** Why a channel did not take the plan; each platform tells what lets Godwit in. */
export type ChannelProblem =
  | { readonly kind: "archived"; readonly remedy?: never }
  | { readonly kind: "no-access"; readonly remedy: Text }
  /** `code` is the platform's. */
  | { readonly kind: "other"; readonly code: string; readonly remedy?: never };

/** What to do when the channel does not take the plan. */
export function channelRefusedText(problem: ChannelProblem): Text {
  switch (problem.kind) {
    case "archived":
      return ["This channel is archived, so the plan cannot be posted. Run /db migrate in another channel."];
    case "no-access":
      return [
        "Godwit is not in this channel, so the plan cannot be posted. Nothing was started. ",
        ...problem.remedy,
      ];
    case "other":
      return [
        "The channel did not take the plan (",
        code(tidy(problem.code)),
        "). Nothing was started. Ask an operator to look, or use another channel.",
      ];
  }
}

/** What a plan costs against the present one: `78.50 EUR more per month`; null where that cannot be said. */
export function planDifference(now: Plan, plan: Plan): string | null {
  if (plan.id === now.id) return "The plan as it is now";
  if (plan.monthlyPrice.currency !== now.monthlyPrice.currency) return null;
  return differenceOf(quoteMove(now, plan));
}

function reasons<T>(offers: readonly Offer<T>[], nameOf: (value: T) => string): Text[] {
  const byReason = new Map<string, string[]>();
  for (const { value, verdict } of offers) {
    if (verdict.allowed) continue;
    const reason = refusalText(verdict.refusal);
    byReason.set(reason, [...(byReason.get(reason) ?? []), nameOf(value)]);
  }
  return [...byReason].map(([reason, names]): Text => [...nameList(names, "bold"), `: ${reason}`]);
}
