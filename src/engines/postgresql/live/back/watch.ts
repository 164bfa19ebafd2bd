import { GodwitError } from "../../../../core/failure.ts";
import type { DatabasePair } from "../../../../core/ports/engine.ts";
import type { ReplicationLag, ReplicationPlan } from "../../../../core/ports/replication.ts";
import type { Followed } from "../../../../core/ports/reverse-replication.ts";
import { schemaFingerprint } from "../../schema-fingerprint.ts";
import { asAdmin, withSession } from "../../session.ts";
import { readLag } from "../lag.ts";
import { replicationNames } from "../names.ts";
import { refuseNewObstacles } from "../obstacles.ts";
import { refuseUnpublished } from "../publication.ts";
import { readSubscription } from "../subscription.ts";
import { keptSchema } from "./keep.ts";
import { inReverse } from "./sides.ts";

const NAME = "godwit follow";

/** Throws when the new server keeps more than it may; that it keeps nothing is no matter here. */
export async function assertBounded(
  { source }: DatabasePair,
  plan: ReplicationPlan,
  signal: AbortSignal,
): Promise<void> {
  try {
    await withSession(asAdmin(source.server, source.database), { name: NAME, signal }, (admin) =>
      inReverse(() => readLag(admin, source.database, plan)),
    );
  } catch (error) {
    if (!(error instanceof GodwitError) || error.code !== "replication-lost") throw error;
  }
}

/** Throws when the old database has stopped to follow, or misses what the stream does not carry; else tells how far it is behind. */
export async function assertFollowing(
  { source, target }: DatabasePair,
  followed: Followed,
  signal: AbortSignal,
): Promise<ReplicationLag> {
  const { name } = replicationNames(followed.id);
  const login = asAdmin(source.server, source.database);
  const lag = await withSession(login, { name: NAME, signal }, async (admin) => {
    const lag = await inReverse(() => readLag(admin, source.database, followed));
    await inReverse(() => refuseUnpublished(admin, source.database, name));
    await inReverse(() => refuseNewObstacles(admin));
    return lag;
  });
  if ((await schemaFingerprint(source, signal)) !== keptSchema(followed.notes))
    throw schemaChanged(source.database);
  await assertApplying(target, name, signal);
  return lag;
}

/** A change that the old server cannot apply stops the subscription (from version 15 on). */
export async function assertApplying(
  target: DatabasePair["target"],
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const subscription = await readSubscription(target, name, signal);
  if (subscription?.isEnabled === true) return;
  throw new GodwitError({
    code: "following-stopped",
    summary: `A change of ${target.database} could not be applied to the old database, or somebody has stopped its subscription.`,
    remedy: "The old server's log says why.",
  });
}

function schemaChanged(database: string): GodwitError {
  return new GodwitError({
    code: "schema-changed",
    summary: `The schema of ${database} has changed since the switch, and such changes are not carried back.`,
    remedy: "Nothing needs to be done.",
  });
}
