import { formatBytes, formatCount, formatDuration } from "../../core/format.ts";
import type { Actor } from "../../core/member.ts";
import type { Migration } from "../../core/migration.ts";
import { formatMoney } from "../../core/money.ts";
import type { Notification, RestartedApplication } from "../../core/notification.ts";
import type { Plan } from "../../core/plan.ts";
import type { Proof } from "../../core/proof.ts";
import type { ShownStep } from "../../core/step.ts";
import { RELATIONAL } from "../../core/units.ts";
import { namedVersion } from "../../core/version.ts";
import type { Attachment } from "../message.ts";
import { plainTime } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { SEEN } from "./seen.ts";
import { capital, durationRange, moveOf, sentence, sizesOf, strategyName } from "./wording.ts";

type Ended = Extract<Notification, { readonly kind: "succeeded" | "failed" }>;

/** The whole story of a migration that has ended, as a file of Markdown for whoever keeps records. */
export function reportOf(news: Ended): Attachment {
  const { migration } = news;
  const [facts, rest] = [reportSections(news), endOf(news)];
  const sections = [...facts.slice(0, -1), ...rest, ...facts.slice(-1)];
  return {
    name: `godwit-${migration.id.replaceAll(/[^a-z0-9_]/gu, "-")}.md`,
    text: `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`,
  };
}

/** What a migration moves, who asked for it, its times and steps; the preflight's findings last. */
export function reportSections({
  migration,
  steps,
}: Pick<Ended, "migration" | "steps">): readonly (readonly string[])[] {
  return [
    [`# Migration of ${name(migration.source.addonName)}`, "", `${moveOf(migration)}.`],
    ["## What moved", ...bullets(moved(migration))],
    ["## Who and when", ...bullets(people(migration))],
    ["## Read-only time", ...bullets(readOnlyTimes(migration))],
    ["## Steps", ...bullets(stepLines(steps))],
    ["## Findings of the preflight", ...bullets(findings(migration))],
  ];
}

function moved(migration: Migration): string[] {
  const { source, target, targetPlan, quote } = migration;
  return [
    `Add-on: ${name(source.addonName)} (${id(source.addonId)}) of ${name(source.providerName)}`,
    `Migration: ${id(migration.id)}`,
    `Version: ${name(namedVersion(source.engineName, source.fullVersion))} to ${name(target.version)}`,
    `Plan: ${planText(source.plan)} to ${planText(targetPlan)}`,
    `Zone: ${name(source.zone)} to ${name(target.zone)}`,
    `Size: ${source.usedBytes > 0 ? formatBytes(source.usedBytes) : "not told by the provider"}`,
    `Strategy: ${strategyName(target.strategy)}`,
    `Price per month: ${formatMoney(quote.before)} before, ${formatMoney(quote.after)} after`,
    ...(migration.retryOf === null ? [] : [`Tries again: ${id(migration.retryOf)}`]),
  ];
}

function people(migration: Migration): string[] {
  return [
    `Asked for by ${actor(migration.requestedBy)}, ${plainTime(migration.createdAt)}`,
    ...(migration.confirmedBy === null
      ? []
      : [`Confirmed by ${actor(migration.confirmedBy)}${moment(migration.queuedAt)}`]),
    `Started${moment(migration.startedAt) || ": not yet"}`,
    ...(migration.finishedAt === null ? [] : [`Finished${moment(migration.finishedAt)}`]),
    ...(migration.startedAt === null || migration.finishedAt === null
      ? []
      : [`Took ${formatDuration(migration.finishedAt.getTime() - migration.startedAt.getTime())}`]),
  ];
}

function readOnlyTimes(migration: Migration): string[] {
  const { minSeconds, maxSeconds, source } = migration.preflight.estimate;
  const { readOnlyFrom: from, readOnlyUntil: until } = migration;
  const predicted = `Predicted: ${durationRange(minSeconds, maxSeconds)}. ${sentence(source)}`;
  if (from === null) return [predicted, "Actual: the database was not made read-only"];
  if (until === null) return [predicted, `Actual: read-only since ${plainTime(from)}, not over yet`];
  const took = formatDuration(until.getTime() - from.getTime());
  return [predicted, `Actual: ${took}, from ${plainTime(from)} until ${plainTime(until)}`];
}

function stepLines(steps: readonly ShownStep[]): string[] {
  const ordered = [...steps].sort((left, right) => left.sequence - right.sequence);
  return ordered.map((step) => {
    const took =
      step.startedAt === null || step.finishedAt === null
        ? ""
        : ` in ${formatDuration(step.finishedAt.getTime() - step.startedAt.getTime())}`;
    const attempts = step.attempt > 1 ? `, attempt ${step.attempt}` : "";
    return `${name(step.title)}: ${step.status}${took}${attempts}${moment(step.startedAt)}`;
  });
}

function endOf(news: Ended): string[][] {
  const { migration } = news;
  const proof = ["## Proof", ...bullets(proofLines(migration.proof))];
  if (news.kind === "failed") return [["## Failure", ...bullets(failureLines(news))], proof];
  const kept = news.oldKeptUntil === null ? "is not kept" : `is kept until ${plainTime(news.oldKeptUntil)}`;
  return [
    proof,
    ["## Applications", ...bullets(news.applications.map(applicationLine))],
    ["## Variables with new values", ...bullets(news.variables.map(id))],
    ["## The old database", ...bullets([`It ${kept}`])],
  ];
}

function failureLines(news: Extract<Ended, { readonly kind: "failed" }>): string[] {
  const { failure, stepNumber, stepCount, stepTitle, source } = news;
  return [
    `Step: ${stepNumber} of ${stepCount}, ${name(stepTitle)} (${id(failure.step)})`,
    `Error code: ${id(failure.code)}`,
    `What happened: ${sentence(failure.summary)}`,
    `What to do: ${sentence(failure.remedy)}`,
    `State of the old database: ${source}`,
    ...(failure.detail.trim() === "" ? [] : [`For support: ${tidy(failure.detail, 2_000)}`]),
  ];
}

function proofLines(proof: Proof | null): string[] {
  if (proof === null) return ["Nothing was compared"];
  const { container, item, counter, definition } = proof.units ?? RELATIONAL;
  return [
    `${capital(container)}s compared by count: ${formatCount(proof.tables)}, by content: ${formatCount(proof.hashedTables)}`,
    `${capital(item)}s: ${formatCount(proof.rows)} (${formatBytes(proof.bytes)})`,
    counter === null
      ? `${capital(definition)}s: ${formatCount(proof.objects)}`
      : `${capital(counter)}s: ${formatCount(proof.sequences)}, other ${definition}s: ${formatCount(proof.objects)}`,
    `Comparing took ${formatDuration(proof.milliseconds)}`,
    ...proof.notVerified.map((reason) => `Not verified: ${sentence(reason)}`),
  ];
}

function applicationLine(application: RestartedApplication): string {
  const problem = application.problem === undefined ? "" : ` ${sentence(application.problem)}`;
  const { done, late } = SEEN[application.evidence ?? "session"];
  if (application.connectedAt === null) return `${name(application.name)} ${late}${problem}`;
  return `${name(application.name)} ${done}, ${plainTime(application.connectedAt)}`;
}

function findings(migration: Migration): string[] {
  return migration.preflight.findings.map(
    ({ level, summary, remedy }) => `${level}: ${sentence(summary)}${remedy ? ` ${sentence(remedy)}` : ""}`,
  );
}

function bullets(lines: readonly string[]): string[] {
  return ["", ...(lines.length === 0 ? ["- none"] : lines.map((line) => `- ${line}`))];
}

function planText(plan: Plan): string {
  const sizes = sizesOf(plan).join(", ");
  return sizes === "" ? name(plan.name) : `${name(plan.name)} (${sizes})`;
}

function actor({ name: who, platform, id: number }: Actor): string {
  return `${name(who)} (${platform} ${id(number)})`;
}

function moment(at: Date | null): string {
  return at === null ? "" : `, ${plainTime(at)}`;
}

/** A name from outside: marks of Markdown mean nothing in it. */
function name(text: string): string {
  return tidy(text).replaceAll(/[\\`*_[\]<>|#]/gu, String.raw`\$&`);
}

function id(text: string): string {
  return `\`${tidy(text).replaceAll("`", "'")}\``;
}
