import type { Migration } from "../../core/migration.ts";
import type { PlatformMigration } from "./api/schemas.ts";
import { culpritOf, endOf, isOver } from "./phases.ts";
import { wordsOf } from "./words-of.ts";

/** Where Clever Cloud's support takes questions ("Clever Cloud Support" throughout its documentation). */
export const TICKET_CENTRE = "https://console.clever-cloud.com/ticket-center-choice";

/** What support is told besides what stands in the thread. */
export interface HandOffInput {
  readonly migration: Migration;
  readonly owner: string;
  readonly realId: string;
  /** Undefined while the platform has begun none. */
  readonly run?: PlatformMigration;
}

/** Everything that the platform's support asks for, as the cause of an error: it is shown under "For support". */
export class HandOff extends Error {
  constructor(input: HandOffInput) {
    super(factsOf(input).join(", "));
    this.name = "Clever Cloud";
  }
}

function factsOf({ migration, owner, realId, run }: HandOffInput): string[] {
  const { source, target } = migration;
  const facts = [
    `add-on ${source.addonId}`,
    `real ID ${realId}`,
    `owner ${owner}`,
    `from ${source.plan.name} ${source.version} in ${source.zone}`,
    `to ${migration.targetPlan.name} ${target.version} in ${target.zone}`,
  ];
  return run === undefined ? facts : [...facts, ...factsOfRun(run)];
}

function factsOfRun(run: PlatformMigration): string[] {
  const culprit = culpritOf(run);
  const words = culprit === undefined ? "" : wordsOf(culprit);
  const said = words === "" ? "" : `: ${words}`;
  return [
    run.migrationId,
    `status ${run.status}`,
    ...(culprit === undefined ? [] : [`step ${culprit.value} ${culprit.status}${said}`]),
    `asked for ${run.requestDate.toISOString()}`,
    isOver(run) ? `ended ${endOf(run)?.toISOString() ?? "at a time it does not tell"}` : "not over",
    `tickets: ${TICKET_CENTRE}`,
  ];
}
