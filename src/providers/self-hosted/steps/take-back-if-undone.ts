import { GodwitError } from "../../../core/failure.ts";
import type { StepContext } from "../../../core/step.ts";

/** Told to nobody: whoever comes here has lost its migration, and its signal may be aborted. */
const TAKE_BACK_MS = 60_000;

/** A process that was suspended while it worked may have made anew what another has taken back: it does the same. */
export async function takeBackIfUndone(
  context: StepContext,
  undo: (context: StepContext) => Promise<void>,
): Promise<void> {
  if (!(await context.wasUndone())) return;
  await undo({ ...context, signal: AbortSignal.timeout(TAKE_BACK_MS) });
  throw new GodwitError({
    code: "step-undone",
    class: "lost",
    summary: "What this step has made was taken back while it was being made.",
    remedy: "Nothing needs to be done.",
  });
}
