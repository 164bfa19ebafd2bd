import { type Failure, type FailureClass, GodwitError } from "../../core/failure.ts";
import { describeError } from "../../core/redact.ts";
import type { Step } from "../../core/step.ts";

/** How often a step is begun before its failure counts as permanent. */
export const ATTEMPT_BUDGET = 5;

/** Turns whatever a step threw into what is stored and shown. */
export function failureOf(step: Pick<Step, "name">, error: unknown): Failure {
  if (error instanceof GodwitError) {
    const detail = error.cause === undefined ? "" : describeError(error.cause);
    const { code, summary, remedy } = error;
    return {
      code,
      step: step.name,
      summary,
      remedy,
      detail,
      ...(error.class === "stuck" && { stuck: true }),
    };
  }
  return {
    code: "unexpected",
    step: step.name,
    summary: "Something happened that Godwit does not know.",
    remedy: "Support finds the details in Godwit's log under the migration ID.",
    detail: describeError(error),
  };
}

/** How a thrown error is treated; what Godwit does not know may have happened, so it is looked at again. */
export function classOf(error: unknown): FailureClass {
  return error instanceof GodwitError ? error.class : "unknown";
}

/** A step that did not end in its time. */
export function timedOut(step: Step): GodwitError {
  const minutes = Math.round(step.timeoutMs / 60_000);
  return new GodwitError({
    code: "step-timeout",
    class: "permanent",
    summary: `“${step.title}” did not finish within ${minutes} minutes.`,
    remedy: "Look at the load of both servers, then try again.",
  });
}
