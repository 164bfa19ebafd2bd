import { GodwitError } from "../../../core/failure.ts";
import type { CopyReport, DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../core/ports/replication.ts";
import { copyData } from "../copy/copy-data.ts";
import type { SchemaTools } from "../schema/copy-schema.ts";
import { dropEventTriggers } from "../schema/event-triggers.ts";
import type { SchemaMemory } from "../schema/schema-memory.ts";
import { schemaFingerprint } from "../schema-fingerprint.ts";
import { readVersion } from "../server-version.ts";
import { asAdmin, withSession } from "../session.ts";
import { readTables } from "../tables.ts";
import { endReplication } from "./end.ts";
import { replicationLost } from "./lag.ts";
import { replicationNames } from "./names.ts";
import { refuseFullTarget, refuseObstacles } from "./obstacles.ts";
import { createPublication } from "./publication.ts";
import { connectionString, makeReplicationRole } from "./replication-role.ts";
import { hasUsableSlot, withSlot } from "./slot.ts";
import {
  createSubscription,
  enableSubscription,
  type NewSubscription,
  readSubscription,
  trySubscription,
} from "./subscription.ts";
import { withinBacklog } from "./watch-backlog.ts";

const NAME = "godwit replicate";

/** The copier asks for the fence under which it works; here a snapshot stands in for it. */
const NO_FENCE: FenceHold = {
  since: new Date(0),
  isAlive: () => true,
  assertAlive: async () => undefined,
  release: async () => undefined,
};

/** What a start needs besides the pair. */
export interface StartOptions {
  readonly call: EngineCall;
  readonly tools: SchemaTools;
  readonly schemas: SchemaMemory;
}

/**
 * Copies everything as of the moment at which the slot begins, then subscribes to the slot. The
 * subscription is made last, so that its existence says that the copy is complete: without one, whatever
 * an earlier attempt left is taken away and everything starts anew.
 */
export async function startReplication(
  pair: DatabasePair,
  plan: ReplicationPlan,
  options: StartOptions,
): Promise<CopyReport | null> {
  const { call } = options;
  const { name } = replicationNames(plan.id);
  if ((await readSubscription(pair.target, name, call.signal)) !== null) {
    await resumeReplication(pair, plan, call.signal);
    return null;
  }
  await endReplication(pair, plan.id, call.signal);
  const wanted = await publish(pair, plan, call);
  await trySubscription(pair, wanted, call.signal);
  const report = await copyAsOfSlot(pair, plan, options);
  await createSubscription(pair, wanted, call.signal);
  await enableSubscription(pair.target, name, { isEnabled: true, signal: call.signal });
  return report;
}

/** Makes what the target subscribes to. Nothing of it disturbs the application. */
async function publish(
  { source, target }: DatabasePair,
  plan: ReplicationPlan,
  call: EngineCall,
): Promise<NewSubscription> {
  const { signal } = call;
  const { name } = replicationNames(plan.id);
  call.report({ label: "preparing the replication" });
  await withSession(asAdmin(target.server, target.database), { name: NAME, signal }, refuseFullTarget);
  return await withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (admin) => {
    await refuseObstacles(admin);
    const tables = await readTables(admin);
    await createPublication(admin, name, tables);
    const password = await makeReplicationRole(admin, source, name);
    return {
      name,
      connection: connectionString(source, name, password),
      isBinary: tables.every(({ columns }) => columns.every(({ isBinary }) => isBinary)),
      sourceVersion: await readVersion(admin),
    };
  });
}

async function copyAsOfSlot(
  pair: DatabasePair,
  plan: ReplicationPlan,
  options: StartOptions,
): Promise<CopyReport> {
  const { source } = pair;
  const { call } = options;
  const names = replicationNames(plan.id);
  const before = await schemaFingerprint(source, call.signal);
  call.report({ label: "waiting for transactions that are open on the old database" });
  const report = await withSlot(source, names, {
    signal: call.signal,
    work: (snapshot) =>
      withinBacklog(pair, plan, {
        call,
        work: (call) => copyData(pair, NO_FENCE, { ...options, call, snapshot }),
      }),
  });
  if ((await schemaFingerprint(source, call.signal)) !== before) throw schemaChanged(source.database);
  return report;
}

function schemaChanged(database: string): GodwitError {
  return new GodwitError({
    code: "schema-changed",
    summary: `Somebody changed the schema of ${database} while it was being copied; such changes are not replicated.`,
    remedy: "Try again when no deployment is changing tables.",
  });
}

/** Lets the target follow again. Throws `replication-lost` when the source has nothing for it any more. */
export async function resumeReplication(
  { source, target }: DatabasePair,
  plan: ReplicationPlan,
  signal: AbortSignal,
): Promise<void> {
  const { name } = replicationNames(plan.id);
  const subscription = await readSubscription(target, name, signal);
  const isUsable = await withSession(
    asAdmin(source.server, source.database),
    { name: NAME, signal },
    (admin) => hasUsableSlot(admin, name),
  );
  if (subscription === null || !isUsable) throw replicationLost(source.database);
  await dropEventTriggers(target, signal); // Of a switch that was taken back.
  if (!subscription.isEnabled) await enableSubscription(target, name, { isEnabled: true, signal });
}
