import type { Log } from "../../core/ports/log.ts";
import type { Message } from "../message.ts";
import { presentIncident } from "../present/refusal.ts";

/** What broke, for the log. */
export interface Interaction {
  readonly interaction: string;
  readonly userId: string;
}

/** What a guarded action needs of its platform's session. */
export interface Guard {
  readonly log: Log;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** The platform's own code of an error; null for other errors. */
  readonly codeOf: (error: unknown) => string | null;
}

/**
 * Runs a person's action after it was acknowledged. What it throws is logged once and told to the person
 * with an ID that the log holds too; nothing is thrown on.
 */
export async function guarded(
  guard: Guard,
  facts: Interaction,
  steps: { readonly work: () => Promise<void>; readonly tell: (message: Message) => Promise<unknown> },
): Promise<void> {
  try {
    await steps.work();
  } catch (error) {
    const incidentId = newIncidentId(guard.random);
    guard.log.error({ ...facts, incidentId, code: guard.codeOf(error), error }, "interaction failed");
    await tellQuietly(guard, incidentId, steps.tell);
  }
}

/** `inc_` and eight characters. */
function newIncidentId(random: () => number): string {
  return `inc_${Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, "0")}`;
}

async function tellQuietly(
  guard: Guard,
  incidentId: string,
  tell: (message: Message) => Promise<unknown>,
): Promise<void> {
  try {
    await tell(presentIncident(incidentId));
  } catch (error) {
    guard.log.warn({ incidentId, code: guard.codeOf(error) }, "incident not told");
  }
}
