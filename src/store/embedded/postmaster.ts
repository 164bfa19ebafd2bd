import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GodwitError } from "../../core/failure.ts";
import { isAlive, readCommandLine } from "./process-identity.ts";
import type { Supervised } from "./supervise.ts";

/** How an attempt to start ended. */
export type StartOutcome = "ready" | "ended" | "timeout";

/** Waits until the server says in `postmaster.pid` (line 8, since PostgreSQL 10) that it takes connections. */
export async function untilReady(
  dataFolder: string,
  { server, timeoutMs }: { server: Supervised; timeoutMs: number },
): Promise<StartOutcome> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(20)) {
    if (ended) return "ended";
    const lines = await readPidFile(dataFolder);
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return "ready";
  }
  return "timeout";
}

/**
 * Makes the data folder free of an earlier server. The caller holds the folder's lease, so no living Godwit
 * uses it: a server that still runs is ending because its Godwit died, or was orphaned and is asked to end.
 * A `postmaster.pid` whose number now belongs to another program is removed, as PostgreSQL would refuse it.
 */
export async function clearEarlierPostmaster(dataFolder: string): Promise<void> {
  const pid = Number((await readPidFile(dataFolder))[0] ?? Number.NaN);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (await endsWithin(10_000, dataFolder, pid))
    return rm(join(dataFolder, "postmaster.pid"), { force: true });
  process.kill(pid, "SIGINT");
  if (await endsWithin(30_000, dataFolder, pid)) return;
  throw new GodwitError({
    code: "embedded-server-in-the-way",
    summary: `An earlier PostgreSQL server (process ${pid}) still uses ${dataFolder} and does not stop.`,
    remedy: `Stop process ${pid}, then start Godwit again.`,
  });
}

async function endsWithin(timeoutMs: number, dataFolder: string, pid: number): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(100)) {
    if (!isAlive(pid) || !(await readCommandLine(pid)).includes(dataFolder)) return true;
  }
  return false;
}

async function readPidFile(dataFolder: string): Promise<readonly string[]> {
  return (await readFile(join(dataFolder, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
}
