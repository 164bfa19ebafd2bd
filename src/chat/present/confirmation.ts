import { formatBytes } from "../../core/format.ts";
import type { Migration } from "../../core/migration.ts";
import type { Plan } from "../../core/plan.ts";
import { isBlocked, lacksConsent } from "../../core/preflight.ts";
import { namedVersion } from "../../core/version.ts";
import {
  code,
  type Fact,
  fact,
  heading,
  type Message,
  note,
  type Part,
  type PressButton,
  paragraph,
  person,
  time,
} from "../message.ts";
import { plainText } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { billingParts, priceSentence } from "./billing.ts";
import { buttonFor } from "./confirm-dialog.ts";
import { disclaimerParts } from "./disclaimer.ts";
import { countsOf, findingParts } from "./findings.ts";
import { outcomeOf } from "./outcome.ts";
import { isReturn, lossSentence, returnParts } from "./revert.ts";
import { startFact } from "./schedule.ts";
import { addonName, durationRange, moveOf, planWords, strategyName } from "./wording.ts";

/** The root message of a thread: the plan, what it does, what it costs, and the buttons while it can be decided. */
export function presentConfirmation(migration: Migration, confirmable: boolean): Message {
  return {
    summary: summaryOf(migration, confirmable),
    parts: [
      heading(wishOf(migration)),
      { kind: "facts", facts: planFacts(migration) },
      ...(isReturn(migration) ? returnParts(migration) : disclaimerParts(migration)),
      ...billingParts(migration.quote),
      ...findingParts(migration.preflight.findings),
      { kind: "divider" },
      ...decisionParts(migration, confirmable),
      note("Migration ", code(migration.id), ", checked ", time(new Date(migration.preflight.checkedAt))),
    ],
  };
}

function wishOf(migration: Migration): string {
  const name = addonName(migration);
  return isReturn(migration) ? `Return ${name} to its old database` : `Migrate ${name}`;
}

/** What is moved where. */
function planFacts(migration: Migration): readonly Fact[] {
  const { source, target, targetPlan } = migration;
  const facts = [
    fact(
      "Database",
      `${tidy(source.addonName)} (`,
      code(tidy(source.addonId)),
      source.usedBytes > 0 ? `), ${formatBytes(source.usedBytes)} on disk` : ")",
    ),
    fact("Version", versionOf(migration)),
    ...planLines(source.plan, targetPlan),
    fact(
      "Zone",
      source.zone === target.zone ? tidy(target.zone) : `${tidy(source.zone)} to ${tidy(target.zone)}`,
    ),
    ...(isReturn(migration) ? [] : [fact("Strategy", strategyName(target.strategy))]),
    fact("Start", ...startFact(migration.schedule)),
  ];
  return [...facts, fact("Asked for by", person(migration.requestedBy))];
}

function planLines(now: Plan, next: Plan): readonly Fact[] {
  if (now.id === next.id) return [fact("Plan", `${planWords(now)}, as now`)];
  return [fact("Plan now", planWords(now)), fact("New plan", planWords(next))];
}

function versionOf({ source, target }: Migration): string {
  const now = tidy(namedVersion(source.engineName, source.fullVersion));
  if (source.version === target.version)
    return `${now}, refreshed to the latest patch of ${tidy(target.version)}`;
  return `${now} to ${tidy(target.version)}`;
}

function decisionParts(migration: Migration, confirmable: boolean): readonly Part[] {
  if (migration.state !== "awaiting_confirmation")
    return [...consentParts(migration), paragraph(...outcomeOf(migration))];
  if (confirmable && lacksConsent(migration)) return askingConsent(migration);
  if (confirmable) {
    const text = "Nothing happens until someone confirms. The right and the price are checked again then.";
    return [
      ...consentParts(migration),
      paragraph(text),
      { kind: "buttons", buttons: [migrateButton(migration), cancelButton(migration)] },
    ];
  }
  return [
    paragraph(whyNotConfirmable(migration)),
    { kind: "buttons", buttons: [recheckButton(migration), cancelButton(migration)] },
  ];
}

/** A yes of its own, before the one that starts the migration. */
function askingConsent(migration: Migration): readonly Part[] {
  const text =
    "This migration takes two decisions. First someone who answers for this data consents to what is marked with Consent above; only then can the migration be confirmed.";
  return [paragraph(text), { kind: "buttons", buttons: [consentButton(migration), cancelButton(migration)] }];
}

/** Who said yes to this very plan. */
function consentParts(migration: Migration): readonly Part[] {
  const { consent, planHash } = migration;
  if (!consent || consent.planHash !== planHash) return [];
  return [
    paragraph(person(consent.by), " consented to what is marked with Consent above, ", time(consent.at), "."),
  ];
}

function whyNotConfirmable(migration: Migration): string {
  if (isBlocked(migration.preflight))
    return "This migration cannot be confirmed while a blocker stands. Remove what blocks it, then press Check again.";
  return "This migration cannot be confirmed as it stands. Press Check again to look at the database anew.";
}

function migrateButton(migration: Migration): PressButton {
  const look = isReturn(migration)
    ? ({ label: "Return to the old database", style: "danger" } as const)
    : ({ label: "Migrate the database", style: "primary" } as const);
  const button = buttonFor("confirm", migration, look);
  return { ...button, planHash: migration.planHash };
}

function consentButton(migration: Migration): PressButton {
  const button = buttonFor("consent", migration, { label: "Give consent", style: "primary" });
  return { ...button, planHash: migration.planHash };
}

function cancelButton(migration: Migration): PressButton {
  return buttonFor("cancel", migration, { label: "Cancel", style: "plain" });
}

function recheckButton(migration: Migration): PressButton {
  return buttonFor("recheck", migration, { label: "Check again", style: "primary" });
}

function lossSummary({ preflight }: Migration): string {
  return preflight.loss === undefined ? "" : ` What this loses: ${plainText(lossSentence(preflight.loss))}`;
}

function summaryOf(migration: Migration, confirmable: boolean): string {
  const kind = isReturn(migration) ? "Return" : "Migration";
  const what = `${kind} of ${addonName(migration)} (${moveOf(migration)}).${lossSummary(migration)}`;
  if (migration.state !== "awaiting_confirmation") return `${what} ${plainText(outcomeOf(migration))}`;
  if (!confirmable)
    return `${what} It cannot be confirmed yet. Preflight: ${countsOf(migration.preflight.findings)}.`;
  if (lacksConsent(migration))
    return `${what} It needs a consent before it can be confirmed. ${priceSentence(migration.quote)}`;
  const { estimate } = migration.preflight;
  const range = durationRange(estimate.minSeconds, estimate.maxSeconds);
  return `${what} The database is read-only for about ${range}. ${priceSentence(migration.quote)} Nothing happens until someone confirms.`;
}
