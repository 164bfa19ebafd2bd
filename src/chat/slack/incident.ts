import type { Message } from "../message.ts";
import { presentIncident } from "../present/refusal.ts";
import { slackCode } from "./errors.ts";
import type { SlackSession } from "./session.ts";

/** What broke, for the log. */
export interface Interaction {
  readonly interaction: string;
  readonly userId: string;
}

/**
 * Runs a person's action after it was acknowledged. What it throws is logged once and told to the person
 * with an ID that the log holds too; nothing is thrown on.
 */
export async function guarded(
  session: SlackSession,
  facts: Interaction,
  steps: { readonly work: () => Promise<void>; readonly tell: (message: Message) => Promise<unknown> },
): Promise<void> {
  try {
    await steps.work();
  } catch (error) {
    const incidentId = newIncidentId(session.random);
    session.log.error({ ...facts, incidentId, code: slackCode(error), error }, "interaction failed");
    await tellQuietly(session, incidentId, steps.tell);
  }
}

/** `inc_` and eight characters. */
function newIncidentId(random: () => number): string {
  return `inc_${Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, "0")}`;
}

async function tellQuietly(
  session: SlackSession,
  incidentId: string,
  tell: (message: Message) => Promise<unknown>,
): Promise<void> {
  try {
    await tell(presentIncident(incidentId));
  } catch (error) {
    session.log.warn({ incidentId, code: slackCode(error) }, "incident not told");
  }
}
