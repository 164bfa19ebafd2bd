import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import type { ReplicationPlan, UnderFence } from "../../../core/ports/replication.ts";
import { finishUnderFence } from "../copy/copy-data.ts";
import { readSequences, writeSequences } from "../copy/sequences.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { untilReached, writeMark } from "./mark.ts";
import { replicationNames } from "./names.ts";
import { resumeReplication } from "./start.ts";
import { enableSubscription } from "./subscription.ts";

const NAME = "godwit drain";

/** Puts the target's sequences where the source's stand, which replication does not. */
function copySequences({ target }: DatabasePair, admin: pg.Client, call: EngineCall): Promise<void> {
  return withSession(asOwner(target), { name: NAME, signal: call.signal }, async (owner) =>
    writeSequences(owner, await readSequences(admin)),
  );
}

/**
 * Waits until the target has applied everything that was committed before the fence, and has it on disk;
 * then the subscription is stopped, so that nothing reaches the target but its own applications.
 */
export async function drain(
  pair: DatabasePair,
  plan: ReplicationPlan,
  { hold, call }: UnderFence,
): Promise<void> {
  const { source, target } = pair;
  const { name } = replicationNames(plan.id);
  await hold.assertAlive();
  call.report({ label: "waiting for the last changes" });
  await resumeReplication(pair, plan, call.signal);
  await withSession(
    asAdmin(source.server, source.database),
    { name: NAME, signal: call.signal },
    async (admin) => {
      const mark = await writeMark(admin, name);
      await untilReached(admin, "applied", { mark, signal: call.signal });
      call.report({ label: "setting sequences" });
      await copySequences(pair, admin, call);
      await untilReached(admin, "kept", { mark, signal: call.signal });
    },
  );
  await enableSubscription(target, name, { isEnabled: false, signal: call.signal });
  await finishUnderFence(pair, call);
  await hold.assertAlive();
}
