import type { Loss, TableLoss } from "../../core/loss.ts";
import { isCarriedOver, isNothingLost } from "../../core/loss.ts";
import type { Migration } from "../../core/migration.ts";
import { bold, code, list, type Part, paragraph, type Text, time } from "../message.ts";
import { tidy } from "../tidy.ts";
import { durationRange, nameList, plural, sentence } from "./wording.ts";

const SHOWN = 8;

/** Whether a migration returns to the database that another one has left. */
export function isReturn({ revertOf }: Pick<Migration, "revertOf">): boolean {
  return (revertOf ?? null) !== null;
}

const LOST_UNTIL_THEN = paragraph(
  bold(
    "Everything that is written to the new database until it is read-only is not in the old one, and is lost to the applications.",
  ),
);

/** What a person must know before they confirm a return: what is lost first. */
export function returnParts(migration: Migration): readonly Part[] {
  const { impact, estimate, loss } = migration.preflight;
  const range = durationRange(estimate.minSeconds, estimate.maxSeconds);
  return [
    paragraph(bold("What this loses")),
    ...(loss === undefined
      ? [paragraph("What was written since the switch was not counted.")]
      : lossParts(loss)),
    ...(isCarriedOver(loss) ? [] : [LOST_UNTIL_THEN]),
    paragraph(bold("What this does")),
    list([
      ["The new database is ", bold(`read-only for about ${range}`), `. ${sentence(estimate.source)}`],
      ["Hostname, port, database name, user and password are again those of the old database."],
      restartLine(impact.restarts.map(({ name }) => name)),
      ...impact.hardCoded
        .slice(0, SHOWN)
        .map(
          ({ application, variable }): Text => [
            bold(tidy(application.name)),
            " holds the new address in its own variable ",
            code(tidy(variable)),
            ": it does not follow.",
          ],
        ),
      [
        `The new database is kept for ${plural(impact.retentionHours, "hour")}, closed: what it holds can still be read by an administrator.`,
      ],
    ]),
  ];
}

/** What was written since the switch, in numbers, and what could not be counted. */
export function lossParts(loss: Loss): readonly Part[] {
  if (isCarriedOver(loss))
    return [
      paragraph(...lossSentence(loss)),
      list([["Materialised views show what they showed at the switch, until somebody refreshes them."]]),
    ];
  const rest = loss.notTold.slice(0, SHOWN).map((text): Text => [sentence(text)]);
  return [
    paragraph(...lossSentence(loss)),
    ...(loss.tables.length === 0 ? [] : [list(tableLines(loss.tables))]),
    list([
      ...rest,
      [
        "Sequences, large objects and changes of the schema are not counted; they are as they were at the switch.",
      ],
    ]),
  ];
}

/** One sentence: how much, since when, counted when. */
export function lossSentence(loss: Loss): Text {
  if (isCarriedOver(loss)) {
    const since: Text = loss.since === null ? [] : [", ", time(new Date(loss.since))];
    return [
      bold("Nothing is lost"),
      ": the old database follows every change since the switch",
      ...since,
      ".",
    ];
  }
  if (loss.since === null) return ["What was written since the switch is not known."];
  const since: Text = [
    " since the switch, ",
    time(new Date(loss.since)),
    " (counted ",
    time(new Date(loss.countedAt)),
    ").",
  ];
  if (isNothingLost(loss)) return ["No row that could be counted was written", ...since];
  return [
    bold(
      `${plural(loss.written, "row")} inserted or changed, ${plural(loss.replaced, "row")} of the old database changed or deleted`,
    ),
    ...since,
  ];
}

function tableLines(tables: readonly TableLoss[]): readonly Text[] {
  const hidden = tables.length - SHOWN;
  const lines = tables
    .slice(0, SHOWN)
    .map(
      ({ table, written, replaced }): Text => [
        code(tidy(table)),
        `: ${plural(written, "row")} inserted or changed, ${plural(replaced, "row")} changed or deleted`,
      ],
    );
  return hidden > 0 ? [...lines, [`${plural(hidden, "more table")} not shown here.`]] : lines;
}

function restartLine(names: readonly string[]): Text {
  if (names.length === 0) return ["No application is linked to this add-on, so none is restarted."];
  return [...nameList(names, "bold"), names.length === 1 ? " is restarted." : " are restarted."];
}
