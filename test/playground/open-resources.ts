import { setImmediate as immediately } from "node:timers/promises";

const open = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP|Timeout/.test(kind))
    .toSorted();

/** Sockets and timers that are open, once no more than `level` are, or after two seconds: the test runner has its own. */
export async function settled(level: number): Promise<string[]> {
  const untilMs = performance.now() + 2000;
  while (open().length > level && performance.now() < untilMs) await immediately();
  return open();
}
