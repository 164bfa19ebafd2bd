import type { Answer } from "../../core/answer.ts";
import type { Actor } from "../../core/member.ts";
import { actorName, type StoreTransaction } from "../../core/ports/store.ts";
import type { StuckStep } from "../../core/step.ts";
import { post } from "../announce.ts";
import type { Dependencies } from "../dependencies.ts";
import { providerNamed } from "../find-addon.ts";
import { stale } from "../find-pressed.ts";

/** A step may be silent for so many times its longest past run before anything is said. */
const FACTOR = 3;

/** Says in the thread of each step that does not get on since when and what it waits for, once for each silence. */
export async function tellStuck(deps: Dependencies): Promise<void> {
  const limits = { floorMs: deps.timings.stuckFloorMs, factor: FACTOR };
  for (const step of await deps.store.stuckSteps(limits)) {
    const isTold = await deps.store.transaction((tx) => tell(tx, deps, step));
    const { migrationId, name, since } = step;
    if (isTold)
      deps.log.warn({ migrationId, step: name, since: since.toISOString() }, "step does not get on");
    deps.wakeSender();
  }
}

async function tell(tx: StoreTransaction, deps: Dependencies, step: StuckStep): Promise<boolean> {
  const { migrationId, name } = step;
  const migration = await tx.lockMigration(migrationId);
  if (migration?.state !== "running" || !(await tx.markStuck(migrationId, name))) return false;
  const { capabilities } = providerNamed(deps, migration.source.providerName);
  const mayReturn = capabilities.cancel && !migration.pivotPassed;
  await tx.append({ migrationId, actor: "system", type: "step-stuck", data: { step: name } });
  await post(tx, migration, "note", { kind: "stuck", migration, step, mayReturn });
  return true;
}

/** Gives the step that runs as much time again before anything more is said. */
export async function waitLonger(
  deps: Dependencies,
  { migrationId, by }: { readonly migrationId: string; readonly by: Actor },
): Promise<Answer> {
  return deps.store.transaction(async (tx): Promise<Answer> => {
    const migration = await tx.lockMigration(migrationId);
    const running = (await tx.steps(migrationId)).find(({ status }) => status === "running");
    if (migration?.state !== "running" || !running)
      return { kind: "refused", refusal: stale(migration, "wait") };
    await tx.patchStep(migrationId, running.name, { progressedAt: deps.clock.now() });
    await tx.append({ migrationId, actor: actorName(by), type: "wait-asked", data: { step: running.name } });
    return { kind: "waiting", migration };
  });
}
