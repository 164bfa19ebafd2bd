import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Copy } from "./copy-to.ts";
import { endOnSource, liftFence } from "./take-back.ts";

/** `--unfence` without a target: takes away what an earlier run has left on the source. */
export async function takeAway(copy: Copy): Promise<ExitCode> {
  const { order, state, reporter } = copy;
  const { pair } = await copy.open(order.from, true);
  const leftovers = { engine: order.engine, state, reporter };
  const isLifted = await liftFence(leftovers, pair.source);
  if (isLifted) reporter.notice("The old database accepts writes again.");
  const isEnded = await endOnSource(leftovers, pair.source);
  if (isEnded) reporter.notice("The replication that a copy had left on the old database was taken away.");
  if (!isLifted && !isEnded) reporter.notice("No copy has left a fence on this database.");
  if (state.note?.replication === null && isLifted) state.remove();
  return EXIT.done;
}
