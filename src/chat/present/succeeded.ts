import { formatBytes, formatCount, formatDuration } from "../../core/format.ts";
import { isCarriedOver, type Loss } from "../../core/loss.ts";
import type { Migration } from "../../core/migration.ts";
import type { Notification, RestartedApplication } from "../../core/notification.ts";
import type { Proof } from "../../core/proof.ts";
import { RELATIONAL } from "../../core/units.ts";
import {
  bold,
  code,
  heading,
  list,
  type Message,
  note,
  type Part,
  type PressButton,
  paragraph,
  type Text,
  time,
} from "../message.ts";
import { plainText } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { buttonFor } from "./confirm-dialog.ts";
import { reportOf } from "./report.ts";
import { isReturn, lossParts, lossSentence } from "./revert.ts";
import { SEEN } from "./seen.ts";
import { addonName, durationRange, moveOf, nameList, plural, sentence, sidesOf } from "./wording.ts";

const SHOWN = 25;
/** The others get theirs when these are dealt with. */
const BUTTONS = 10;

type Succeeded = Extract<Notification, { readonly kind: "succeeded" }>;

/** The end of a migration that went well: the proof first, then what changed and who follows. */
export function presentSucceeded(news: Succeeded): Message {
  const { migration } = news;
  const isBack = isReturn(migration) && !isCarriedOver(news.loss);
  const proof = isBack ? lossLine(news.loss) : proofLine(migration.proof);
  const title = isReturn(migration)
    ? `${addonName(migration)} is back at its old database: ${moveOf(migration)}`
    : `${addonName(migration)} is migrated: ${moveOf(migration)}`;
  return {
    summary:
      `${title}. ${plainText(proof)} ${readOnlyTime(migration)} ${laggardSummary(news.applications)}`.trim(),
    parts: [
      heading(title),
      paragraph(...proof),
      ...notVerified(migration.proof),
      ...carriedParts(news.loss),
      ...changedParts(news.variables),
      ...lostParts(news.lostVariables ?? []),
      ...applicationParts(news),
      ...redeployParts(migration, news.applications),
      paragraph(readOnlyTime(migration)),
      paragraph(...retention(migration, news.oldKeptUntil)),
      ...followingParts(news),
      ...revertParts(news),
      note("Migration ", code(migration.id), tookOf(migration)),
    ],
    attachment: reportOf(news),
  };
}

/** One line on what was compared, or that nothing was. */
function proofLine(proof: Proof | null): Text {
  if (proof === null) {
    return [
      bold("Not verified: "),
      "this provider moves the data itself and gives no proof that old and new are equal.",
    ];
  }
  const { tables, rows, hashedTables, sequences, objects } = proof;
  const { container, item, counter, definition } = proof.units ?? RELATIONAL;
  const others =
    counter === null
      ? plural(objects, definition)
      : `${plural(sequences, counter)} and ${plural(objects, `other ${definition}`)}`;
  const hashed = hashedTables === tables ? "all of them" : `${formatCount(hashedTables)} of them`;
  return [
    bold("Verified: "),
    `${plural(tables, container)} with ${plural(rows, item)} (${formatBytes(proof.bytes)}) compared by count, ${hashed} by content, `,
    `with ${others}. Old and new were equal.`,
  ];
}

function notVerified(proof: Proof | null): readonly Part[] {
  if (proof === null || proof.notVerified.length === 0) return [];
  const lines = proof.notVerified
    .slice(0, SHOWN)
    .map((reason): Text => [bold("Not verified: "), sentence(reason)]);
  return [list(lines)];
}

function changedParts(variables: readonly string[]): readonly Part[] {
  if (variables.length === 0) return [];
  const names = nameList(variables, "code", SHOWN);
  return [paragraph(bold("Changed: "), "the add-on's variables ", ...names, " have new values.")];
}

function lostParts(variables: readonly string[]): readonly Part[] {
  if (variables.length === 0) return [];
  const names = nameList(variables, "code", SHOWN);
  return [
    paragraph(
      "⚠ ",
      bold("Gone: "),
      "the add-on no longer has ",
      ...names,
      ". Look for applications that read them.",
    ),
  ];
}

function applicationParts({ applications, migration }: Succeeded): readonly Part[] {
  if (applications.length === 0) return [paragraph("No application is linked, so none was restarted.")];
  const hidden = applications.length - SHOWN;
  const rest: Text[] = hidden > 0 ? [[`${plural(hidden, "more application")} not shown here.`]] : [];
  return [
    paragraph(bold("Applications")),
    list([...applications.slice(0, SHOWN).map((each) => applicationLine(each, migration)), ...rest]),
  ];
}

function applicationLine(application: RestartedApplication, migration: Migration): Text {
  const name = bold(tidy(application.name));
  const { done, late, advice, again } = SEEN[application.evidence ?? "session"];
  const side = (text: string) => text.replace("the new database", sidesOf(migration).reached);
  if (application.connectedAt !== null)
    return ["✓ ", name, ` ${side(done)}, `, time(application.connectedAt), "."];
  const problem = application.problem === undefined ? "" : ` ${sentence(application.problem)}`;
  if (application.redeployment === "under-way") return ["… ", name, " is being deployed anew."];
  return ["⚠ ", name, ` ${side(late)}${problem} ${application.redeployment === "offered" ? again : advice}`];
}

/** A button for each application that did not come up; nobody deploys it but whoever presses. */
function redeployParts(migration: Migration, applications: readonly RestartedApplication[]): readonly Part[] {
  const buttons = applications
    .filter(({ redeployment }) => redeployment === "offered")
    .flatMap((application) => redeployButton(migration, application))
    .slice(0, BUTTONS);
  return buttons.length === 0 ? [] : [{ kind: "buttons", buttons }];
}

/** None for an ID that a button cannot carry. */
function redeployButton(migration: Migration, { id, name }: RestartedApplication): readonly PressButton[] {
  if (id === undefined || !/^\S{1,60}$/u.test(id)) return [];
  const look = { label: `Redeploy ${tidy(name, 40)}`, style: "plain" } as const;
  return [{ ...buttonFor("redeploy", migration, look), applicationId: id }];
}

function laggardSummary(applications: readonly RestartedApplication[]): string {
  const late = applications.filter((application) => application.connectedAt === null);
  const [first] = late;
  if (first === undefined) return "";
  return `${SEEN[first.evidence ?? "session"].summary}: ${plainText(
    nameList(
      late.map((application) => application.name),
      "bold",
    ),
  )}.`;
}

function readOnlyTime(migration: Migration): string {
  const { minSeconds, maxSeconds } = migration.preflight.estimate;
  const predicted = durationRange(minSeconds, maxSeconds);
  if (migration.readOnlyFrom === null || migration.readOnlyUntil === null) {
    return `The read-only time was not measured; ${predicted} was predicted.`;
  }
  const actual = migration.readOnlyUntil.getTime() - migration.readOnlyFrom.getTime();
  return `The database was read-only for ${formatDuration(actual)}; ${predicted} was predicted.`;
}

function retention(migration: Migration, until: Date | null): Text {
  const { left } = sidesOf(migration);
  const kept = left.charAt(0).toUpperCase() + left.slice(1);
  if (until === null) return [`${kept} is not kept.`];
  return [`${kept} is kept, closed to applications, until `, time(until), "."];
}

/** What a return has lost, in numbers, or that it has lost nothing. */
function carriedParts(loss: Loss | undefined): readonly Part[] {
  if (loss === undefined) return [];
  if (!isCarriedOver(loss)) return lossParts(loss).slice(1);
  return [
    paragraph(bold("Nothing was lost"), ": what was written since the switch is in the old database."),
    ...lossParts(loss).slice(1),
  ];
}

/** Whether a return would lose anything, where somebody may expect that it does not. */
function followingParts({ notFollowing }: Succeeded): readonly Part[] {
  if (notFollowing === undefined) return [];
  if (notFollowing !== null)
    return [
      paragraph(
        `The old database does not follow the new one, so a Revert loses what is written from now on and says how much. ${sentence(notFollowing)}`,
      ),
    ];
  return [paragraph("The old database follows every change until then, so a Revert loses nothing.")];
}

/** Says what is lost only when it is asked: by then applications have written. */
function revertParts({ migration, isRevertible = false }: Succeeded): readonly Part[] {
  if (!isRevertible) return [];
  const label = isReturn(migration) ? "Revert this return" : "Revert";
  return [{ kind: "buttons", buttons: [buttonFor("revert", migration, { label, style: "plain" })] }];
}

/** A return compares nothing: the old database is as it was. It tells what was left behind. */
function lossLine(loss: Loss | undefined): Text {
  if (loss === undefined) return ["What was written since the switch was not counted."];
  return [bold("Lost to the applications: "), ...lossSentence(loss)];
}

function tookOf(migration: Migration): string {
  if (migration.startedAt === null || migration.finishedAt === null) return "";
  return `, ${formatDuration(migration.finishedAt.getTime() - migration.startedAt.getTime())} in all`;
}
