import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Of the process, and of its children that have ended. */
  readonly ownTicks: number;
  readonly endedTicks: number;
}

/** Fields of /proc/<pid>/stat. Source: proc(5). */
function readStat(pid: number | "self"): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
    return {
      pid: Number(text.split(" ")[0]),
      parent,
      name,
      ownTicks: user + system,
      endedTicks: childUser + childSystem,
    };
  } catch {
    return null; // The process has ended meanwhile.
  }
}

function allProcesses(): ProcessStat[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []));
}

/** A process and its descendants. */
function treeOf(root: number): ProcessStat[] {
  const all = allProcesses();
  const tree = all.filter(({ pid }) => pid === root);
  for (const each of tree) tree.push(...all.filter(({ parent }) => parent === each.pid));
  return tree;
}

/** CPU seconds that a running server has used so far, ended sessions included. */
export function serverCpuSeconds(pid: number): number {
  const ticks = treeOf(pid).reduce(
    (sum, each) => sum + each.ownTicks + (each.pid === pid ? each.endedTicks : 0),
    0,
  );
  return ticks / TICKS_PER_SECOND;
}

/** CPU seconds of all programs that this process has started and that have ended. */
export function endedChildrenCpuSeconds(): number {
  return (readStat("self")?.endedTicks ?? 0) / TICKS_PER_SECOND;
}

function peakBytes(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** The program's name; the fetched tools run as their own loader. */
function programName(pid: number, fallback: string): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const program = words.find((word) => /\/(pg_dump|pg_restore|psql|pgcopydb)$/.test(word));
    return program?.split("/").at(-1) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Watches the peak memory of a program and its descendants, largest by name, until it is stopped. */
export function watchMemory(root: number): () => Readonly<Record<string, number>> {
  const peaks: Record<string, number> = {};
  const look = (): void => {
    for (const { pid, name } of treeOf(root)) {
      const program = programName(pid, name);
      peaks[program] = Math.max(peaks[program] ?? 0, peakBytes(pid));
    }
  };
  const timer = setInterval(look, 200);
  return () => {
    clearInterval(timer);
    return peaks;
  };
}
