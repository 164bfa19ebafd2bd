import type { Application, Deployment, DeploymentState } from "../model.ts";
import { isoMillis } from "./times.ts";

const authorId = "user_32114ae3-1716-4aa7-8d16-e664ca6ccd1f";

/** /v2 ("clever-client.js, deployment-transform.ts"). guess: WIP for one that waits, since it has no other word. */
export function deploymentWire(deployment: Deployment): unknown {
  return {
    uuid: deployment.id,
    id: deployment.index,
    date: deployment.startedAtMs,
    state: deployment.state === "QUEUED" ? "WIP" : deployment.state,
    action: "DEPLOY",
    commit: deployment.commit,
    cause: deployment.cause,
    instances: 1,
    author: { id: authorId, name: "Clever Cloud" },
  };
}

const words: Readonly<Record<DeploymentState, string>> = {
  QUEUED: "QUEUED",
  WIP: "WORK_IN_PROGRESS",
  TASK_RUNNING: "TASK_IN_PROGRESS",
  OK: "SUCCEEDED",
  FAIL: "FAILED",
  CANCELLED: "CANCELLED",
};

/** /v4 ("clever-client.js, deployment.types.ts"). */
export function deploymentV4Wire(application: Application, deployment: Deployment): unknown {
  return {
    id: deployment.id,
    ownerId: application.ownerId,
    applicationId: application.id,
    startDate: isoMillis(deployment.startedAtMs),
    state: words[deployment.state],
    steps: deployment.history.map(({ state, atMs }) => ({ state: words[state], date: isoMillis(atMs) })),
    version: { commitId: deployment.commit },
    origin: {
      action: "DEPLOY",
      cause: deployment.cause,
      source: "API",
      authorId,
      constraints: [],
      priority: "DEFAULT",
    },
    hasDedicatedBuild: false,
  };
}
