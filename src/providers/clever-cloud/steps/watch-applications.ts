import { z } from "zod";
import type { Step, StepContext } from "../../../core/step.ts";
import type { ApiApplication } from "../api/schemas.ts";
import { DEPLOYMENT_MS, isStart, judgeDeployment, type SeenDeployment } from "../deployments.ts";
import type { Platform } from "../platform.ts";
import { isStopped } from "../preflight/judge-applications.ts";
import { untilAnswered } from "./until-answered.ts";

const followed = z.object({ restartsAfter: z.string().transform((value) => new Date(value)) });

/** How an application took the migration. */
interface Watched {
  readonly id: string;
  readonly name: string;
  readonly deployedAt: string | null;
  /** Null when all is well. */
  readonly problem: string | null;
  /** What people have stopped is nobody's to start. */
  readonly mayRedeploy: boolean;
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

interface Watching {
  readonly application: ApiApplication;
  readonly after: Date;
}

async function watch(platform: Platform, context: StepContext, watching: Watching): Promise<Watched> {
  const { application } = watching;
  const { id, name } = application;
  if (isStopped(application)) {
    const problem = "It is stopped, so Clever Cloud does not restart it.";
    return { id, name, deployedAt: null, problem, mayRedeploy: false };
  }
  const begunMs = context.clock.now().getTime();
  for (let seen: SeenDeployment = { deployment: undefined, isRead: true }; ; ) {
    seen = await lookForDeployment(platform, context, { ...watching, before: seen });
    const elapsedMs = context.clock.now().getTime() - begunMs;
    const state = judgeDeployment(seen, { elapsedMs, beginWithinMs: platform.config.deployWithinMs });
    if (state.kind === "deployed")
      return { id, name, deployedAt: context.clock.now().toISOString(), problem: null, mayRedeploy: true };
    if (state.kind === "problem")
      return { id, name, deployedAt: null, problem: state.problem, mayRedeploy: true };
    context.report({ label: `waiting for ${name} to be deployed` });
    await context.clock.sleep(platform.config.poll.firstMs, context.signal);
  }
}

/** The newest one since the switch; an interface that does not answer is asked again, and what was seen stands. */
async function lookForDeployment(
  { api }: Platform,
  context: StepContext,
  { application, after, before }: Watching & { readonly before: SeenDeployment },
): Promise<SeenDeployment> {
  try {
    const deployments = await api.deployments(application.id, context.signal);
    const deployment = deployments.find((one) => one.date >= after && isStart(one));
    return { deployment, isRead: true };
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ applicationId: application.id, err: error }, "deployments not read");
    return { ...before, isRead: false };
  }
}
