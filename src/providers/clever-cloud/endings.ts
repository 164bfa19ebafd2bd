import { GodwitError } from "../../core/failure.ts";
import type { PlatformMigration } from "./api/schemas.ts";
import { HandOff, type HandOffInput, TICKET_CENTRE } from "./hand-off.ts";
import { culpritOf, onlyLooked, stepWords } from "./phases.ts";
import { wordsOf } from "./words-of.ts";

/** A migration that the platform has ended. */
export interface Ended extends HandOffInput {
  readonly run: PlatformMigration;
  /** Whether the add-on was seen on its old plan, version and zone after the end. */
  readonly isBack: boolean;
}

/**
 * What a migration that did not end well means. "Failed, you are back on the old database" may be undone and tried
 * again; "failed, call support" stops where it is.
 */
export function endingOf(ended: Ended): GodwitError {
  const { run, isBack } = ended;
  if (run.status === "FAILED")
    return isBack && onlyLooked(run) ? refusedAtChecks(ended) : notRecovered(ended);
  if (!isBack) return unclear(ended);
  return run.status === "ABORTED" ? aborted(ended) : recovered(ended);
}

function recovered(ended: Ended): GodwitError {
  return new GodwitError({
    code: "clever-cloud-recovered",
    summary: `Clever Cloud could not migrate ${nameOf(ended)}${whereOf(ended)}. It has returned to the old database by itself.`,
    remedy: `Try again. If it fails at the same step, open a ticket: ${TICKET_CENTRE}`,
    cause: new HandOff(ended),
  });
}

function refusedAtChecks(ended: Ended): GodwitError {
  return new GodwitError({
    code: "clever-cloud-check-failed",
    summary: `Clever Cloud's own checks stopped the migration of ${nameOf(ended)}${whereOf(ended)}. Nothing was changed.`,
    remedy: `Try again when its reason is gone; if you do not see one, open a ticket: ${TICKET_CENTRE}`,
    cause: new HandOff(ended),
  });
}

function notRecovered(ended: Ended): GodwitError {
  return new GodwitError({
    code: "clever-cloud-failed",
    class: "stuck",
    summary: `Clever Cloud stopped migrating ${nameOf(ended)}${whereOf(ended)}. It has not returned to the old database.`,
    remedy: `Open a ticket now with the add-on ID and ${ended.run.migrationId}: ${TICKET_CENTRE} Press Mark as solved once they have put it right.`,
    cause: new HandOff(ended),
  });
}

function aborted(ended: Ended): GodwitError {
  return new GodwitError({
    code: "clever-cloud-aborted",
    summary: `Somebody aborted the migration of ${nameOf(ended)} at Clever Cloud, outside Godwit. The old database stays.`,
    remedy: "Ask who it was, then try again.",
    cause: new HandOff(ended),
  });
}

/** The platform says that it is over, and the add-on is neither where it was nor said to be broken. */
function unclear(ended: Ended): GodwitError {
  const { run } = ended;
  return new GodwitError({
    code: "clever-cloud-return-unclear",
    class: "stuck",
    summary: `Clever Cloud says ${run.status} of the migration of ${nameOf(ended)}, and the add-on is not as it was before.`,
    remedy: `Look at the add-on in the console, and open a ticket with ${run.migrationId}: ${TICKET_CENTRE}`,
    cause: new HandOff(ended),
  });
}

function nameOf({ migration }: Ended): string {
  return migration.source.addonName;
}

/** `: it failed at DUMP_AND_RESTORE (copy), which says “disk full”` */
function whereOf({ run }: Ended): string {
  const culprit = culpritOf(run);
  if (culprit === undefined) return "";
  const words = wordsOf(culprit);
  const said = words === "" ? "" : `, which says “${words}”`;
  return `: it failed at ${stepWords(culprit.value)}${said}`;
}
