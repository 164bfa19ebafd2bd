import { GodwitError } from "../../core/failure.ts";
import type { Redeployment } from "../../core/ports/provider.ts";
import { ApiProblem } from "./api/problem.ts";
import { isOver, isStart, judgeDeployment } from "./deployments.ts";
import type { Platform } from "./platform.ts";

/** Deploys an application because a person pressed for it; the platform is asked once, and looked at from then on. */
export function createRedeployment({ api, clock, config, log }: Platform): Redeployment {
  return {
    async mark(applicationId, signal) {
      const newest = (await api.deployments(applicationId, signal)).find(isStart);
      // One that began an hour ago and says no end is taken for none.
      if (newest !== undefined && !isOver(newest) && isYoung(newest.date, clock.now())) throw underWay();
      return newest?.date ?? new Date(0);
    },
    async order(applicationId, signal) {
      try {
        await api.redeploy(applicationId, signal);
      } catch (error) {
        if (isRefusal(error)) throw error;
        log.warn({ applicationId, err: error }, "whether a deployment was ordered is not known");
      }
    },
    async look({ applicationId, mark, askedAt }, signal) {
      const elapsedMs = clock.now().getTime() - askedAt.getTime();
      const patience = { elapsedMs, beginWithinMs: config.deployWithinMs };
      try {
        const all = await api.deployments(applicationId, signal);
        const deployment = all.find((one) => isStart(one) && one.date > mark);
        return judgeDeployment({ deployment, isRead: true }, patience);
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        return judgeDeployment({ deployment: undefined, isRead: false }, patience);
      }
    },
  };
}

const HOUR_MS = 3_600_000;

function isYoung(date: Date, now: Date): boolean {
  return now.getTime() - date.getTime() < HOUR_MS;
}

/** After anything else it may have begun. */
function isRefusal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.kind !== "unreachable" && error.kind !== "unknown-answer";
}

function underWay(): GodwitError {
  return new GodwitError({
    code: "deployment-under-way",
    summary: "Clever Cloud is deploying this application already, so no second deployment was ordered.",
    remedy: "Wait until it is over, then look whether it went well.",
  });
}
