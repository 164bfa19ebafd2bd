import type { StoredRedeployment } from "../core/ports/store.ts";
import { describeError } from "../core/redact.ts";
import { edit, post } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { providerNamed } from "./find-addon.ts";
import { succeededNotification } from "./tell-result.ts";

/** A host that does not answer holds nothing up for longer. */
const LOOK_MS = 10_000;

/** Looks after every deployment that people have asked for, and tells in its thread how it ended, once. */
export async function watchRedeployments(deps: Dependencies): Promise<void> {
  const open = await deps.store.openRedeployments();
  await Promise.all(open.map((asked) => look(deps, asked)));
}

async function look(deps: Dependencies, asked: StoredRedeployment): Promise<void> {
  try {
    const migration = await deps.store.migration(asked.migrationId);
    if (migration === undefined) return;
    const { redeployment } = providerNamed(deps, migration.source.providerName);
    const state = await redeployment?.look(asked, AbortSignal.timeout(LOOK_MS));
    if (state === undefined || state.kind === "under-way") return;
    await endRedeployment(deps, asked, state.kind === "problem" ? state.problem : null);
  } catch (error) {
    const { migrationId, applicationId } = asked;
    deps.log.warn({ migrationId, applicationId, detail: describeError(error) }, "deployment not looked at");
  }
}

/** Notes how a deployment ended and tells it, unless another process has. */
export async function endRedeployment(
  deps: Dependencies,
  asked: StoredRedeployment,
  problem: string | null,
): Promise<void> {
  const { id, migrationId, applicationId, applicationName: application } = asked;
  const found = await deps.store.migration(migrationId);
  if (!found) return;
  const outcome = await providerNamed(deps, found.source.providerName).outcome(found);
  await deps.store.transaction(async (tx) => {
    const migration = await tx.lockMigration(migrationId);
    if (!migration || !(await tx.endRedeployment(id, { at: deps.clock.now(), problem }))) return;
    const type = problem === null ? "redeployed" : "redeploy-failed";
    await tx.append({ migrationId, actor: "system", type, data: { application: applicationId } });
    await post(tx, migration, "note", { kind: "redeployed", migration, application, problem });
    await edit(tx, migration, "result", await succeededNotification(tx, migration, outcome));
  });
  deps.wakeSender();
}
