import { formatDuration } from "../../core/format.ts";
import type { DeploymentState } from "../../core/ports/provider.ts";
import type { ApiDeployment } from "./api/schemas.ts";

const MINUTE_MS = 60_000;
/** A deployment that began may build for so long before it is left to its owner. */
export const DEPLOYMENT_MS = 60 * MINUTE_MS;

/** What is known of an application's deployment. */
export interface SeenDeployment {
  readonly deployment: ApiDeployment | undefined;
  /** Whether the last look succeeded. */
  readonly isRead: boolean;
}

interface Patience {
  /** Since the deployment was to begin. */
  readonly elapsedMs: number;
  readonly beginWithinMs: number;
}

/** How a deployment stands, after so much time. */
export function judgeDeployment(
  { deployment, isRead }: SeenDeployment,
  { elapsedMs, beginWithinMs }: Patience,
): DeploymentState {
  if (deployment === undefined) {
    if (elapsedMs < beginWithinMs) return { kind: "under-way" };
    if (!isRead) return problem("Its deployments cannot be read, so whether one began is not known.");
    return problem(`No deployment of it began within ${formatDuration(beginWithinMs)}.`);
  }
  if (deployment.state === "OK") return { kind: "deployed" };
  if (deployment.state === "FAIL") return problem("Its deployment failed.");
  if (deployment.state === "CANCELLED") return problem("Its deployment was cancelled.");
  if (elapsedMs < DEPLOYMENT_MS) return { kind: "under-way" };
  return problem("Its deployment has not finished within an hour.");
}

/** Whether a deployment is over, one way or another. */
export function isOver({ state }: ApiDeployment): boolean {
  return ["OK", "FAIL", "CANCELLED"].includes(state);
}

/** What starts an application, as against what stops it. */
export function isStart({ action }: ApiDeployment): boolean {
  return action !== "UNDEPLOY";
}

function problem(text: string): DeploymentState {
  return { kind: "problem", problem: text };
}
