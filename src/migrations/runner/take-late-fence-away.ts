import type { AbandonedBuild } from "../../core/step.ts";
import type { Dependencies } from "../dependencies.ts";
import { providerNamed } from "../find-addon.ts";

/** Opens a database again that nobody wants closed, if it is; forgets the builder once it can wake up no more. */
export async function takeLateFenceAway(
  deps: Dependencies,
  { fence, isOver }: AbandonedBuild,
  signal: AbortSignal,
): Promise<void> {
  await providerNamed(deps, fence.providerName).unfence(fence, signal);
  if (isOver) await deps.store.transaction((tx) => tx.endBuild(fence.migrationId));
}
