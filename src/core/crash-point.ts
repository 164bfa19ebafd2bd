/**
 * Every place where a process that dies leaves the world in a state of its own: around each transaction, and around
 * each effect outside of Godwit's database. The suites kill a process at each of them.
 */
export const CRASH_POINTS = [
  "transaction: begun",
  "transaction: written",
  "transaction: committed",
  "lease: taken",
  "lease: not given back",
  "step: before its effect",
  "step: after its effect",
  "undo: before",
  "undo: after",
  "pivot: passed",
  "confirm: not rung for",
  "outbox: claimed",
  "outbox: delivered",
  "outbox: marked",
  "outbox: put back",
  "watchdog: took over",
  "watchdog: opened",
  "provision: named",
  "provision: password kept",
  "fence: built",
  "fence: proved",
  "fence: undone",
  "replication: ended",
  "switch-over: variables written",
  "env file: written",
  "restart: asked for",
  "finish: closed",
  "following: kept",
  "following: begun",
  "following: ended",
  "retired database: dropped",
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

let onReached: ((point: CrashPoint) => void) | undefined;

/** Marks a place where a crash matters. Does nothing unless a suite watches. */
export function crashPoint(point: CrashPoint): void {
  onReached?.(point);
}

/** Lets a suite see each point that this process reaches, to kill it there. Never called by the product. */
export function watchCrashPoints(reached: (point: CrashPoint) => void): void {
  onReached = reached;
}
