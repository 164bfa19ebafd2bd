import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, readStartStamp } from "./process-identity.ts";

/** The right of one process to a folder, held as a file that names the process. */
export interface Lease {
  release(): Promise<void>;
}

/**
 * Takes the lease in `file`, or returns undefined when a living process holds it. A lease left by a process
 * that is gone is taken over: the file names the process and when it started, so a number that the system
 * has given to another process since does not count.
 */
export async function takeLease(file: string): Promise<Lease | undefined> {
  const mine = JSON.stringify({
    pid: process.pid,
    started: await readStartStamp(process.pid),
    id: randomUUID(),
  });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o644 });
  try {
    while (!(await linkNew(draft, file))) {
      const held = await readHolder(file);
      if (held !== "" && (await isHeld(held))) return undefined;
      if (held !== "") await removeStale(file, held);
    }
    return { release: () => releaseOwn(file, mine) };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes the lease as soon as it is free; undefined when `timeoutMs` have passed. */
export async function waitForLease(file: string, timeoutMs: number): Promise<Lease | undefined> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const lease = await takeLease(file);
    if (lease !== undefined || Date.now() > end) return lease;
    await sleep(200);
  }
}

async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** What the lease says; empty when there is none. */
async function readHolder(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

async function isHeld(text: string): Promise<boolean> {
  const holder = parseHolder(text);
  return holder !== undefined && isAlive(holder.pid) && (await readStartStamp(holder.pid)) === holder.started;
}

function parseHolder(text: string): { pid: number; started: string } | undefined {
  try {
    return JSON.parse(text) as { pid: number; started: string };
  } catch {
    return undefined;
  }
}

/** Moves the stale file away; if another process has taken the lease in between, it gets its file back. */
async function removeStale(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  const moved = await readFile(aside, "utf8").catch(() => stale);
  if (moved !== stale) await linkNew(aside, file);
  await rm(aside, { force: true });
}

async function releaseOwn(file: string, mine: string): Promise<void> {
  if ((await readHolder(file)) === mine) await rm(file, { force: true });
}
