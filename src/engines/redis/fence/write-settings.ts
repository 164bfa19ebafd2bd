import type { Redis } from "ioredis";
import { z } from "zod";
import { readSetting } from "../info.ts";

/*
 * A server that wants more replicas than there are refuses every command that writes, whoever sends it, also from
 * scripts and functions (measured on Redis 7.0 and 8.0, Valkey 8.1 and 9.1). The check is off while the longest lag
 * is 0.
 */

const WANTED_REPLICAS = "min-replicas-to-write";
const LONGEST_LAG = "min-replicas-max-lag";
const NEVER = "2147483647";
const ANY_LAG = "10";

/** The settings as they were before the fence; null where the server does not let Godwit see or change them. */
export const settingsSchema = z.object({ wantedReplicas: z.string(), longestLag: z.string() }).nullable();
export type WriteSettings = z.infer<typeof settingsSchema>;

/** Reads the settings, and looks whether they may be changed by setting them to what they are. */
export async function readWriteSettings(client: Redis): Promise<WriteSettings> {
  const wantedReplicas = await readSetting(client, WANTED_REPLICAS);
  const longestLag = await readSetting(client, LONGEST_LAG);
  if (wantedReplicas === null || longestLag === null) return null;
  const isChangeable = await client.call("CONFIG", "SET", WANTED_REPLICAS, wantedReplicas).then(
    () => true,
    () => false,
  );
  return isChangeable ? { wantedReplicas, longestLag } : null;
}

/** Lets the server refuse all writes. */
export async function refuseWrites(client: Redis): Promise<void> {
  if ((await readSetting(client, LONGEST_LAG)) === "0")
    await client.call("CONFIG", "SET", LONGEST_LAG, ANY_LAG);
  await client.call("CONFIG", "SET", WANTED_REPLICAS, NEVER);
}

/** Whether the server refuses all writes. */
export async function refusesWrites(client: Redis): Promise<boolean> {
  return (
    (await readSetting(client, WANTED_REPLICAS)) === NEVER && (await readSetting(client, LONGEST_LAG)) !== "0"
  );
}

/** Sets the settings to what they were; where that is not known and a fence stands, to the server's defaults. */
export async function restoreSettings(client: Redis, before: WriteSettings = null): Promise<void> {
  if ((await readSetting(client, WANTED_REPLICAS)) !== NEVER) return;
  await client.call("CONFIG", "SET", WANTED_REPLICAS, before?.wantedReplicas ?? "0");
  if (before !== null) await client.call("CONFIG", "SET", LONGEST_LAG, before.longestLag);
}
