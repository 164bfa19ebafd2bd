import type { Actor } from "../../core/member.ts";
import type { Migration } from "../../core/migration.ts";
import type { Notification } from "../../core/notification.ts";
import type { Finding } from "../../core/preflight.ts";
import { bold, code, type Message, paragraph, person, type Text, time } from "../message.ts";
import { plainText } from "../render-plain.ts";
import { tidy } from "../tidy.ts";
import { countsOf, findingParts } from "./findings.ts";
import { SEEN } from "./seen.ts";
import { addonName, reasonWords, sentence, sidesOf } from "./wording.ts";

/** News of one sentence or two, posted when it happens and never changed. */
type Milestone = Extract<
  Notification,
  {
    readonly kind:
      | "cancelled"
      | "retrying"
      | "acknowledged"
      | "solved"
      | "returning"
      | "redeploying"
      | "redeployed"
      | "retirement-announced"
      | "retired"
      | "following-ended"
      | "recheck";
  }
>;

/** Puts a milestone into words. */
export function presentMilestone(news: Milestone): Message {
  const { migration } = news;
  switch (news.kind) {
    case "cancelled":
      return presentCancelled(migration, news.by, news.started);
    case "retrying":
      return presentRetrying(migration, news.by, news.redo);
    case "acknowledged":
      return presentAcknowledged(migration, news.by);
    case "solved":
      return presentSolved(news);
    case "returning":
      return presentReturning(migration, news.by);
    case "redeploying":
      return presentRedeploying(news);
    case "redeployed":
      return presentRedeployed(news);
    case "retirement-announced":
      return presentRetirementAnnounced(migration, news.dropAt);
    case "retired":
      return presentRetired(migration);
    case "following-ended":
      return presentFollowingEnded(migration, news.reason);
    case "recheck":
      return presentRecheck(migration, news.findings);
  }
}

/** Tells who cancelled, and that the old database stays. */
function presentCancelled(migration: Migration, by: Actor | null, started: boolean): Message {
  const who: Text = by === null ? [] : [" by ", person(by)];
  const rest = started
    ? `. What was done is taken back; ${sidesOf(migration).left} is in service and accepts writes.`
    : ". Nothing was started, and the database was not touched.";
  return ofText([bold(`The migration of ${addonName(migration)} is cancelled`), ...who, rest]);
}

/** Tells that a failed migration is tried again, and from which step on. */
function presentRetrying(migration: Migration, by: Actor, redo: readonly string[]): Message {
  const [first] = redo;
  const from: Text = first === undefined ? [] : [", from the step ", bold(tidy(first)), " on"];
  return ofText([person(by), ` tries the migration of ${addonName(migration)} again`, ...from, "."]);
}

/** Tells that someone looks at a failure. */
function presentAcknowledged(migration: Migration, by: Actor): Message {
  return ofText([person(by), " looks at ", code(migration.id), ` (${addonName(migration)}).`]);
}

/** Tells that someone has put things in order by hand, how, and what Godwit leaves where it is. */
function presentSolved(news: Extract<Notification, { readonly kind: "solved" }>): Message {
  const { migration, by, reason, left = [] } = news;
  const text: Text = [
    person(by),
    " marked ",
    code(migration.id),
    reason === undefined ? " as solved." : ` as solved: ${reasonWords(reason)}`,
    ` ${addonName(migration)} is unlocked: it can be migrated again.`,
  ];
  if (left.length === 0) return ofText(text);
  const rest = [`Godwit leaves this where it is: ${left.map((each) => sentence(each)).join(" ")}`];
  return { summary: plainText([...text, " ", ...rest]), parts: [paragraph(...text), paragraph(...rest)] };
}

/** Tells who takes back what stands of a stopped migration. */
function presentReturning(migration: Migration, by: Actor): Message {
  return ofText([
    person(by),
    ` returns ${addonName(migration)} to the old database. What stands of the migration is taken back.`,
  ]);
}

/** Tells who has an application deployed anew. */
function presentRedeploying({ migration, application, by }: Of<"redeploying">): Message {
  const after = ` deployed anew after the migration of ${addonName(migration)}. Its end is told here.`;
  return ofText([person(by), " has ", bold(tidy(application)), after]);
}

/** Tells how a deployment that somebody asked for ended. */
function presentRedeployed({ migration, application, problem }: Of<"redeployed">): Message {
  const [name, addon] = [bold(tidy(application)), addonName(migration)];
  if (problem === null)
    return ofText(["✓ ", name, ` was deployed again with the new variables of ${addon}.`]);
  const { late, again } = SEEN.deployment;
  return ofText(["⚠ ", name, `, which uses ${addon}, ${late} ${sentence(problem)} ${again}`]);
}

/** Tells that a return would lose something from now on, and why. */
function presentFollowingEnded(migration: Migration, reason: string): Message {
  return ofText([
    bold(`The old database of ${addonName(migration)} no longer follows the new one`),
    `: ${sentence(reason)} It is kept as it is, and a Revert from now on says what would be lost. Nothing needs to be done.`,
  ]);
}

/** Tells when the old database is dropped. */
function presentRetirementAnnounced(migration: Migration, dropAt: Date): Message {
  return ofText([
    `The old database of ${addonName(migration)} is dropped after `,
    time(dropAt),
    ". Tell support before then if you still need it.",
  ]);
}

/** Tells that the old database is gone. */
function presentRetired(migration: Migration): Message {
  return ofText([
    `The old database of ${addonName(migration)} is dropped, as announced. The new one is the only one now.`,
  ]);
}

/** Tells what a repeated preflight found, for those who read the thread. */
function presentRecheck(migration: Migration, findings: readonly Finding[]): Message {
  const isClear = !findings.some((finding) => finding.level === "blocker");
  const next = isClear
    ? "Nothing blocks the migration: the message above can be confirmed."
    : "The migration still cannot be confirmed.";
  return {
    summary: `${addonName(migration)} was checked again: ${countsOf(findings)}. ${next}`,
    parts: [paragraph(bold(`${addonName(migration)} was checked again. `), next), ...findingParts(findings)],
  };
}

type Of<Kind extends Notification["kind"]> = Extract<Notification, { readonly kind: Kind }>;

function ofText(text: Text): Message {
  return { summary: plainText(text), parts: [paragraph(...text)] };
}
