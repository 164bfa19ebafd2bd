import { z } from "zod";
import { formatDuration } from "../../../core/format.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import type { ApiApplication, ApiDeployment } from "../api/schemas.ts";
import type { Platform } from "../platform.ts";
import { isStopped } from "../preflight/judge-applications.ts";

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
      const linked = await platform.api.linkedApplications(context.migration.source.addonId, context.signal);
      const watched = await Promise.all(
        linked.map((application) => watch(platform, context, { application, after: restartsAfter })),
      );
      return { output: { applications: watched.map((application) => ({ ...application })) } };
    },
  };
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
  for (;;) {
    const deployment = await lookForDeployment(platform, context, watching);
    const elapsedMs = context.clock.now().getTime() - begunMs;
    const verdict = judge(deployment, elapsedMs, platform.config.deployWithinMs);
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
function judge(
  deployment: ApiDeployment | undefined,
  elapsedMs: number,
  beginWithinMs: number,
): string | null {
  if (deployment === undefined) {
    const limit = formatDuration(beginWithinMs);
    return elapsedMs < beginWithinMs ? "wait" : `No deployment of it began within ${limit}.`;
  }
  if (deployment.state === "OK") return null;
  if (deployment.state === "FAIL") return "Its deployment failed.";
  if (deployment.state === "CANCELLED") return "Its deployment was cancelled.";
  return elapsedMs < DEPLOYMENT_MS ? "wait" : "Its deployment has not finished within an hour.";
}

/** The newest one since the switch; an interface that does not answer for a moment is asked again. */
async function lookForDeployment(
  { api }: Platform,
  context: StepContext,
  { application, after }: Watching,
): Promise<ApiDeployment | undefined> {
  try {
    const deployments = await api.deployments(application.id, context.signal);
    return deployments.find(({ date, action }) => date >= after && action !== "UNDEPLOY");
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ applicationId: application.id, err: error }, "deployments not read");
    return undefined;
  }
}
