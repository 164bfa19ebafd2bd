import { GodwitError, mayPass, SwitchReturned } from "../../../core/failure.ts";
import { formatDuration } from "../../../core/format.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import { readStoredFence } from "../fence-notes.ts";
import type { Fleet } from "../fleet.ts";
import { fenceMarginMs } from "./fence-limit.ts";

/**
 * Bounds a step between fence and pivot of a live migration: past the fleet's limit, or when something that
 * may pass keeps it from going on, everything returns to the gate. Writes are refused meanwhile, so nothing
 * is waited for twice. What says that the copy is wrong is thrown as it is, and behind the pivot nothing returns.
 */
export function withinSwitchLimit(fleet: Fleet, step: Step): Step {
  return {
    ...step,
    async run(context) {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(tooSlow(fleet)), Math.max(0, leftMs(fleet, context)));
      const bounded = boundedContext(context, limit.signal, () => clearTimeout(timer));
      try {
        return await step.run(bounded.context);
      } catch (error) {
        context.signal.throwIfAborted();
        if (bounded.hasPivoted()) throw error;
        if (limit.signal.aborted || isExpired(error)) throw tooSlow(fleet, error);
        throw mayPass(error) ? interrupted(error) : error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The step's context with the limit in its signal; it knows when the pivot is behind. */
function boundedContext(context: StepContext, limit: AbortSignal, onPivot: () => void) {
  let pivoted = context.migration.pivotPassed;
  if (pivoted) onPivot();
  const bounded: StepContext = {
    ...context,
    signal: AbortSignal.any([context.signal, limit]),
    async passPivot(change) {
      await context.passPivot(change);
      pivoted = true;
      onPivot();
    },
  };
  return { context: bounded, hasPivoted: () => pivoted };
}

/** Time until the switch has to be through; the whole limit before the fence is planned. */
function leftMs(fleet: Fleet, context: StepContext): number {
  const stored = fenceNotes(context);
  if (stored === null) return fleet.config.switchLimitMs;
  const { deadline } = readStoredFence(stored);
  return deadline.getTime() - fenceMarginMs(context.migration) - context.clock.now().getTime();
}

function fenceNotes(context: StepContext) {
  try {
    return context.outputOf("fence");
  } catch {
    // The fence step itself: it has no output yet, and its own notes once it has begun.
    return context.checkpoint;
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof GodwitError && error.code === "fence-expired";
}

function tooSlow(fleet: Fleet, cause?: unknown): SwitchReturned {
  const limit = formatDuration(fleet.config.switchLimitMs);
  return new SwitchReturned({
    code: "switch-too-slow",
    summary: `The switch did not come through within ${limit}.`,
    remedy: "Try again at a quieter time, or raise switchLimit in godwit.yaml.",
    cause,
  });
}

function interrupted(cause: unknown): SwitchReturned {
  const known = cause instanceof GodwitError ? cause : undefined;
  return new SwitchReturned({
    code: known?.code ?? "switch-interrupted",
    summary: known?.summary ?? "Something interrupted the switch.",
    remedy: known?.remedy ?? "Godwit tries again by itself.",
    cause,
  });
}
