import type { Migration } from "../../core/migration.ts";
import type { Impact, WindowEstimate } from "../../core/preflight.ts";
import { strategyOf } from "../../core/target.ts";
import { bold, code, list, type Part, paragraph, type Text } from "../message.ts";
import { tidy } from "../tidy.ts";
import { durationRange, nameList, plural, sentence, strategyMeaning } from "./wording.ts";

const SHOWN = 12;

/** What a person must know before they confirm: the migration's effects, one line each. */
export function disclaimerParts(migration: Migration): readonly Part[] {
  const { impact, estimate } = migration.preflight;
  return [
    paragraph(bold("What this does")),
    list([
      ...replicationLines(migration),
      readOnlyLine(estimate),
      ["Hostname, port, database name, user and password change."],
      restartLine(impact),
      ...hardCodedLines(impact),
      ...lostUserLines(impact),
      retentionLine(impact),
      ["Godwit does not downgrade: the way back to an older version or a smaller plan goes through support."],
    ]),
  ];
}

/** How the database stays in use; what a copy under the fence means is all in the line on the read-only time. */
function replicationLines({ target }: Migration): Text[] {
  return strategyOf(target.strategy) === "live" ? [[strategyMeaning(target.strategy)]] : [];
}

function readOnlyLine(estimate: WindowEstimate): Text {
  return [
    "The database is ",
    bold(`read-only for about ${durationRange(estimate.minSeconds, estimate.maxSeconds)}`),
    `: it can be read, and writes are refused. ${sentence(estimate.source)}`,
  ];
}

function restartLine(impact: Impact): Text {
  const names = impact.restarts.map((application) => application.name);
  if (names.length === 0) return ["No application is linked to this add-on, so none is restarted."];
  const rest =
    names.length === 1
      ? " reads the add-on's environment variables: it follows by itself and is restarted."
      : " read the add-on's environment variables: they follow by themselves and are restarted.";
  return [...nameList(names, "bold"), rest];
}

function hardCodedLines(impact: Impact): Text[] {
  const hidden = impact.hardCoded.length - SHOWN;
  const lines = impact.hardCoded
    .slice(0, SHOWN)
    .map(
      ({ application, variable }): Text => [
        bold(tidy(application.name)),
        " holds the old address in its own variable ",
        code(tidy(variable)),
        ": it does not follow. Change that variable when the migration is over.",
      ],
    );
  if (hidden > 0)
    lines.push([`${plural(hidden, "more variable")} of applications hold the old address too.`]);
  return lines;
}

function lostUserLines(impact: Impact): Text[] {
  if (impact.readOnlyUsersLost.length === 0) return [];
  return [
    [
      "These read-only users are not carried over: ",
      ...nameList(impact.readOnlyUsersLost, "code"),
      ". Create them again on the new database.",
    ],
  ];
}

function retentionLine(impact: Impact): Text {
  if (impact.retentionHours <= 0) return ["The old database is removed once the migration has succeeded."];
  return [
    `The old database is kept for ${plural(impact.retentionHours, "hour")} after success, closed: applications cannot enter it.`,
  ];
}
