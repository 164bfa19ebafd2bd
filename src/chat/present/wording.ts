import { formatBytes, formatRange } from "../../core/format.ts";
import type { Migration } from "../../core/migration.ts";
import type { Plan } from "../../core/plan.ts";
import type { StrategyChoice } from "../../core/target.ts";
import { namedVersion } from "../../core/version.ts";
import { bold, code, type Inline, type Text } from "../message.ts";
import { clip, tidy } from "../tidy.ts";

const SUMMARY_LIMIT = 600;

/** The add-on's name, fit for a sentence. */
export function addonName(migration: Migration): string {
  return tidy(migration.source.addonName);
}

/** What a migration does in one clause: `PostgreSQL 15 to 18, plan S to M`. */
export function moveOf(migration: Migration): string {
  const { source, target, targetPlan } = migration;
  const version = tidy(namedVersion(source.engineName, source.version));
  const clauses = [
    source.version === target.version
      ? `${version} on its latest patch`
      : `${version} to ${tidy(target.version)}`,
    source.plan.id === targetPlan.id
      ? `plan ${tidy(source.plan.name)}`
      : `plan ${tidy(source.plan.name)} to ${tidy(targetPlan.name)}`,
  ];
  if (source.zone !== target.zone) clauses.push(`zone ${tidy(source.zone)} to ${tidy(target.zone)}`);
  return clauses.join(", ");
}

/** What a thread about a migration is called: `orders: PostgreSQL 15 to 18, plan S to M`, at most 100 characters. */
export function threadTitle(migration: Migration): string {
  return clip(`${addonName(migration)}: ${moveOf(migration)}`, 100);
}

/** A plan with what is known of its size: `M: 2 vCPUs, 4 GiB memory, 40 GiB disk, 250 connections`. */
export function planWords(plan: Plan): string {
  const sizes = sizesOf(plan).join(", ");
  return sizes === "" ? tidy(plan.name) : `${tidy(plan.name)}: ${sizes}`;
}

/** What is known of a plan's size. */
export function sizesOf({ vcpus, memoryBytes, diskBytes, connections }: Plan): string[] {
  return [
    ...(vcpus > 0 ? [plural(vcpus, "vCPU")] : []),
    ...(memoryBytes > 0 ? [`${formatBytes(memoryBytes)} memory`] : []),
    ...(diskBytes > 0 ? [`${formatBytes(diskBytes)} disk`] : []),
    ...(connections > 0 ? [plural(connections, "connection")] : []),
  ];
}

/** The way the data gets across, as the form and the plan call it. */
export function strategyName(strategy: StrategyChoice): string {
  switch (strategy) {
    case "dump":
      return "Copy while read-only";
    case "live":
      return "Replicate first, switch when ready";
    case "live-held":
      return "Replicate first, wait for Switch now";
  }
}

/** What a strategy means for the applications. */
export function strategyMeaning(strategy: StrategyChoice): string {
  switch (strategy) {
    case "dump":
      return "The database is read-only while its data is copied.";
    case "live":
      return "Data is replicated while applications keep writing; the database is read-only only for the switch.";
    case "live-held":
      return "Data is replicated while applications keep writing; nothing switches until someone presses Switch now.";
  }
}

/** What people call the database that a migration leaves and the one that it goes to: a return goes the other way. */
export function sidesOf({ revertOf }: Pick<Migration, "revertOf">): {
  readonly left: string;
  readonly reached: string;
} {
  const [old, fresh] = ["the old database", "the new database"];
  return (revertOf ?? null) === null ? { left: old, reached: fresh } : { left: fresh, reached: old };
}

/** A range of seconds as people say it: `2 to 5 min`, `less than 1 s`. */
export function durationRange(minSeconds: number, maxSeconds: number): string {
  return maxSeconds < 1 ? "less than 1 s" : formatRange(minSeconds * 1000, maxSeconds * 1000);
}

/** `1 table`, `2 tables`. */
export function plural(count: number, singular: string, several = `${singular}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? singular : several}`;
}

/** Names in a sentence, at most `max` of them: `shop, billing and 3 more`. */
export function nameList(names: readonly string[], style: "bold" | "code", max = 12): Text {
  const shown = names.slice(0, max).map((name) => (style === "bold" ? bold(tidy(name)) : code(tidy(name))));
  const more = names.length - shown.length;
  const pieces: Inline[] = more > 0 ? [...shown, `${more} more`] : shown;
  return pieces.flatMap((piece, index) => [separatorBefore(index, pieces.length), piece]).filter(isShown);
}

/** A person's own words on what they did, in quotation marks, cleaned and bounded. */
export function reasonWords(reason: string): string {
  return `“${tidy(reason, SUMMARY_LIMIT)}”`;
}

/** A sentence from outside (a finding, a cause), cleaned and bounded. */
export function sentence(text: string): string {
  return tidy(text, SUMMARY_LIMIT);
}

function separatorBefore(index: number, count: number): string {
  if (index === 0) return "";
  return index === count - 1 ? " and " : ", ";
}

function isShown(inline: Inline): boolean {
  return inline !== "";
}

/** A word as it begins a sentence. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
