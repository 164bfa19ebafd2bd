import { GodwitError } from "../../../core/failure.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import { mayPass } from "../api/problem.ts";
import { compareFingerprints, fingerprint } from "../fingerprint.ts";
import { HandOff, TICKET_CENTRE } from "../hand-off.ts";
import type { Platform } from "../platform.ts";
import type { AddonFacts } from "../read-addon.ts";
import { before, isAtTarget, readSubject } from "./subject.ts";
import { untilAnswered } from "./until-answered.ts";

const MINUTE_MS = 60_000;
/** The platform's parts may know of the end a little later than its migrations do. */
const LOOKS = 30;

/** Looks whether the add-on is where it was to be, and which of its variables have changed. */
export function createVerifyStep(platform: Platform): Step {
  return {
    name: "verify",
    title: "Look at the new database's plan and variables",
    pivot: false,
    timeoutMs: 60 * MINUTE_MS,
    async run(context) {
      const facts = await waitForTarget(platform, context);
      const { salt, variables } = before(context);
      const given = await untilAnswered(platform, context, () =>
        platform.api.variables(facts.given.id, context.signal),
      );
      const now = fingerprint(given, salt);
      const { changed, lost } = compareFingerprints(variables, now);
      return { output: { realId: facts.given.realId, changed, lost } };
    },
  };
}

async function waitForTarget(platform: Platform, context: StepContext): Promise<AddonFacts> {
  for (let look = 1; ; ) {
    try {
      const facts = await readSubject(platform, context);
      if (isAtTarget(facts, context) && isActive(facts)) return facts;
      if (look >= LOOKS) throw elsewhere(platform, context, facts);
      look += 1;
    } catch (error) {
      context.signal.throwIfAborted();
      if (!mayPass(error)) throw error;
    }
    context.report({ label: "waiting for Clever Cloud to show the add-on as it is now" });
    await context.clock.sleep(platform.config.poll.laterMs, context.signal);
  }
}

function isActive({ details }: AddonFacts): boolean {
  return !details?.status || details.status === "ACTIVE";
}

function elsewhere(
  { config }: Platform,
  { migration }: StepContext,
  { addon, given }: AddonFacts,
): GodwitError {
  const is = `${addon.plan.name}, ${addon.engineName} ${addon.version} in zone ${addon.zone}`;
  return new GodwitError({
    code: "clever-cloud-not-at-target",
    summary: `Clever Cloud says that the migration of ${addon.name} went well, and shows it on ${is}.`,
    remedy: `Look at the add-on in the console, and open a ticket if it is not what you asked for: ${TICKET_CENTRE}`,
    cause: new HandOff({ migration, owner: config.owner, realId: given.realId }),
  });
}
