import type { Finding, FindingLevel } from "../../core/preflight.ts";
import { bold, list, type Part, paragraph, type Text } from "../message.ts";
import { plural, sentence } from "./wording.ts";

const SHOWN = 20;
const ORDER: readonly FindingLevel[] = ["blocker", "consent", "warning", "info"];
const WORDS: Readonly<Record<FindingLevel, string>> = {
  blocker: "Blocker",
  consent: "Consent",
  warning: "Warning",
  info: "Note",
};

/** The preflight's result: blockers first, each with its remedy. */
export function findingParts(findings: readonly Finding[]): readonly Part[] {
  if (findings.length === 0) return [paragraph(bold("Preflight: "), "nothing stands in the way.")];
  const sorted = ORDER.flatMap((level) => findings.filter((finding) => finding.level === level));
  const hidden = sorted.length - SHOWN;
  const rest: Text[] = hidden > 0 ? [[`${plural(hidden, "more finding")} not shown here.`]] : [];
  return [
    paragraph(bold("Preflight: "), `${countsOf(findings)}.`),
    list([...sorted.slice(0, SHOWN).map(lineOf), ...rest]),
  ];
}

/** How many of each: `1 blocker, 1 consent, 2 warnings`. */
export function countsOf(findings: readonly Finding[]): string {
  const counts = ORDER.map(
    (level) => [level, findings.filter((finding) => finding.level === level).length] as const,
  );
  const words = counts.filter(([, count]) => count > 0);
  return words.map(([level, count]) => plural(count, WORDS[level].toLowerCase())).join(", ") || "no findings";
}

function lineOf(finding: Finding): Text {
  const remedy = finding.remedy === undefined ? "" : ` ${sentence(finding.remedy)}`;
  return [bold(`${WORDS[finding.level]}: `), `${sentence(finding.summary)}${remedy}`];
}
