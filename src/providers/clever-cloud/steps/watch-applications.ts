import { z } from "zod";
import { formatDuration } from "../../../core/format.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import type { ApiApplication, ApiDeployment } from "../api/schemas.ts";
import type { Platform } from "../platform.ts";
import { isStopped } from "../preflight/judge-applications.ts";
import { untilAnswered } from "./until-answered.ts";

const MINUTE_MS = 60_000;
/** A deployment that began may build for so long before it is left to its owner. */
const DEPLOYMENT_MS = 60 * MINUTE_MS;

const followed = z.object({ restartsAfter: z.string().transform((value) => new Date(value)) });

/** How an application took the migration. */
interface Watched {
  readonly id: string;
  readonly name: string;
  readonly deployedAt: string | null;
  /** Null when all is well. */
  readonly problem: string | null;
}

/**
 * Watches the platform restart the linked applications. Nothing is triggered: the platform does it by itself, and a
 * second deployment would only be in its way. An application that fails is told in the result and stops nothing.
 */
export function createWatchApplicationsStep(platform: Platform): Step {
  return {
    name: "watch-applications",
    title: "Watch the applications restart",
    pivot: false,
    timeoutMs: platform.config.deployWithinMs + 2 * DEPLOYMENT_MS,
    async run(context) {
      const { restartsAfter } = followed.parse(context.outputOf("follow"));
      const { addonId } = context.migration.source;
      const linked = await untilAnswered(platform, context, () =>
        platform.api.linkedApplications(addonId, context.signal),
      );
      const watched = await Promise.all(
        linked.map((application) => watch(platform, context, { application, after: restartsAfter })),
      );
      return { output: { applications: watched.map((application) => ({ ...application })) } };
    },
  };
}

/** What is known of an application's deployment. */
interface Seen {
  readonly deployment: ApiDeployment | undefined;
  /** Whether the last look succeeded. */
  readonly isRead: boolean;
}

interface Watching {
  readonly application: ApiApplication;
  readonly after: Date;
}

async function watch(platform: Platform, context: StepContext, watching: Watching): Promise<Watched> {
  const { application } = watching;
  const { id, name } = application;
  if (isStopped(application))
    return { id, name, deployedAt: null, problem: "It is stopped, so Clever Cloud does not restart it." };
  const begunMs = context.clock.now().getTime();
  for (let seen: Seen = { deployment: undefined, isRead: true }; ; ) {
    seen = await lookForDeployment(platform, context, { ...watching, before: seen });
    const elapsedMs = context.clock.now().getTime() - begunMs;
    const verdict = judge(seen, elapsedMs, platform.config.deployWithinMs);
    if (verdict === "wait") await context.clock.sleep(platform.config.poll.firstMs, context.signal);
    else
      return {
        id,
        name,
        deployedAt: verdict === null ? context.clock.now().toISOString() : null,
        problem: verdict,
      };
    context.report({ label: `waiting for ${name} to be deployed` });
  }
}

/** `wait`, a problem, or null when the deployment went well. */
function judge({ deployment, isRead }: Seen, elapsedMs: number, beginWithinMs: number): string | null {
  if (deployment === undefined) {
    if (elapsedMs < beginWithinMs) return "wait";
    if (!isRead) return "Its deployments cannot be read, so whether one began is not known.";
    return `No deployment of it began within ${formatDuration(beginWithinMs)}.`;
  }
  if (deployment.state === "OK") return null;
  if (deployment.state === "FAIL") return "Its deployment failed.";
  if (deployment.state === "CANCELLED") return "Its deployment was cancelled.";
  return elapsedMs < DEPLOYMENT_MS ? "wait" : "Its deployment has not finished within an hour.";
}

/** The newest one since the switch; an interface that does not answer is asked again, and what was seen stands. */
async function lookForDeployment(
  { api }: Platform,
  context: StepContext,
  { application, after, before }: Watching & { readonly before: Seen },
): Promise<Seen> {
  try {
    const deployments = await api.deployments(application.id, context.signal);
    const deployment = deployments.find(({ date, action }) => date >= after && action !== "UNDEPLOY");
    return { deployment, isRead: true };
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ applicationId: application.id, err: error }, "deployments not read");
    return { ...before, isRead: false };
  }
}
