import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, EngineCall } from "../../../core/ports/engine.ts";
import { numberIn, readInfo, readSetting } from "../info.ts";
import { asAdmin } from "../session.ts";
import { makeReplicationUser, replicationUser } from "./role.ts";

const LOOK_MS = 50;
/** A target that has not reached the source by then never will. */
const REACH_MS = 30_000;

/** What a target says of whom it follows. */
export interface Following {
  /** Whether it is the replica of this replication, by the user that it logs in as. */
  readonly isOurs: boolean;
  readonly isUp: boolean;
  readonly isSyncing: boolean;
  readonly syncedBytes: number;
  readonly totalBytes: number;
  /** Offset up to which it has applied its primary's changes. */
  readonly offset: number;
}

export async function readFollowing(target: Redis, id: string): Promise<Following> {
  const info = await readInfo(target, "replication");
  const user = await readSetting(target, "masteruser");
  return {
    isOurs: info.get("role") === "slave" && user === replicationUser(id),
    isUp: info.get("master_link_status") === "up",
    isSyncing: info.get("master_sync_in_progress") === "1",
    syncedBytes: numberIn(info, "master_sync_read_bytes"),
    totalBytes: numberIn(info, "master_sync_total_bytes"),
    offset: numberIn(info, "slave_repl_offset"),
  };
}

/** Lets the target follow the source, as a user with a new password. */
export async function startFollowing(
  sides: { readonly source: Redis; readonly target: Redis },
  access: DatabaseAccess,
  id: string,
): Promise<void> {
  const { host, port, isTls } = asAdmin(access.server);
  const password = randomBytes(24).toString("base64url");
  await makeReplicationUser(sides.source, id, password);
  const { target } = sides;
  await target.call("CONFIG", "SET", "masteruser", replicationUser(id), "masterauth", password);
  if (isTls) await target.call("CONFIG", "SET", "tls-replication", "yes");
  await target.call("REPLICAOF", host, port);
}

/** Ends the following; what was copied stays. */
export async function stopFollowing(target: Redis): Promise<void> {
  await target.call("REPLICAOF", "NO", "ONE");
  await target.call("CONFIG", "SET", "masteruser", "", "masterauth", "");
}

/** Waits until the first copy has arrived; tells how far it is. */
export async function untilSynced(target: Redis, id: string, call: EngineCall): Promise<number> {
  const startedAt = performance.now();
  let bytes = 0;
  for (let hasBegun = false; ; ) {
    const following = await readFollowing(target, id);
    if (following.isUp) return bytes;
    if (following.isSyncing) hasBegun = true;
    bytes = Math.max(bytes, following.totalBytes, following.syncedBytes);
    const total = following.totalBytes > 0 ? { totalBytes: following.totalBytes } : {};
    call.report({ label: "copying everything", doneBytes: following.syncedBytes, ...total });
    if (!hasBegun && performance.now() - startedAt > REACH_MS) throw unreachable();
    await call.clock.sleep(LOOK_MS, call.signal);
    call.signal.throwIfAborted();
  }
}

function unreachable(): GodwitError {
  return new GodwitError({
    code: "replication-unreachable",
    summary: "The new server cannot follow the old one: it does not reach it, or does not understand it.",
    remedy:
      "Let the new server connect to the old one under the address that godwit.yaml has for it, or copy while it is read-only.",
  });
}
