import { readFileSync } from "node:fs";
import { availableParallelism, loadavg, release, totalmem } from "node:os";
import { formatBytes } from "../src/core/format.ts";
import type { LiveWindows } from "./live-window.ts";

/** One run of one method on one data set. */
export interface Measured {
  readonly set: string;
  readonly method: string;
  readonly wallSeconds: number;
  readonly clientCpuSeconds: number;
  readonly serversCpuSeconds: number;
  readonly peaks: Readonly<Record<string, number>>;
  /** Of `godwit copy` alone: seconds by phase. */
  readonly phases?: Readonly<Record<string, number>>;
  readonly loadBefore: number;
}

/** What a method did on a data set, over its runs. */
interface Row {
  readonly method: string;
  readonly runs: number;
  readonly wall: number;
  readonly spread: string;
  readonly client: number;
  readonly servers: number;
  readonly memory: string;
}

/** What the window of refused writes looked like. */
export interface WindowResult {
  readonly set: string;
  readonly seconds: number;
  readonly lost: number;
  readonly accepted: number;
}

/** Everything a report needs. */
export interface Results {
  readonly scale: number;
  readonly jobs: number;
  readonly versions: readonly string[];
  readonly sets: readonly { readonly name: string; readonly what: string; readonly bytes: number }[];
  readonly measured: readonly Measured[];
  readonly windows: readonly WindowResult[];
  readonly live: readonly LiveWindows[];
  readonly notes: readonly string[];
}

/** Wall time against the best other method, as the goals ask for it. */
const GOALS: Readonly<Record<string, number>> = { big: 0.85, wide: 0.75, many: 1, skewed: 0.75 };
const GODWIT = "godwit copy";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function rowOf(method: string, runs: readonly Measured[]): Row {
  const walls = runs.map(({ wallSeconds }) => wallSeconds);
  const peaks: Record<string, number> = {};
  for (const run of runs) {
    for (const [name, bytes] of Object.entries(run.peaks)) peaks[name] = Math.max(peaks[name] ?? 0, bytes);
  }
  const shown = Object.entries(peaks).filter(
    ([name]) => name !== "bash" && name !== "sh" && name !== "esbuild",
  );
  return {
    method,
    runs: runs.length,
    wall: median(walls),
    spread: `${Math.min(...walls).toFixed(1)} to ${Math.max(...walls).toFixed(1)}`,
    client: median(runs.map(({ clientCpuSeconds }) => clientCpuSeconds)),
    servers: median(runs.map(({ serversCpuSeconds }) => serversCpuSeconds)),
    memory: shown.map(([name, bytes]) => `${name} ${formatBytes(bytes)}`).join(", "),
  };
}

function rowsOf(set: string, measured: readonly Measured[]): Row[] {
  const ofSet = measured.filter((each) => each.set === set);
  const names = [...new Set(ofSet.map(({ method }) => method))];
  return names.map((name) =>
    rowOf(
      name,
      ofSet.filter(({ method }) => method === name),
    ),
  );
}

/** Seconds from the start of the schema to built indexes: what the other methods do, none of which compares. */
function phasesOf(
  set: string,
  measured: readonly Measured[],
): { readonly text: string; readonly copying: number } {
  const runs = measured.filter((each) => each.set === set && each.phases);
  const names = Object.keys(runs[0]?.phases ?? {});
  const seconds = new Map(names.map((name) => [name, median(runs.map(({ phases }) => phases?.[name] ?? 0))]));
  const copying = ["schema", "fence", "copy"].reduce((sum, name) => sum + (seconds.get(name) ?? 0), 0);
  return { text: [...seconds].map(([name, value]) => `${name} ${value.toFixed(1)} s`).join(", "), copying };
}

function verdictOf(set: string, results: Results): string {
  const rows = rowsOf(set, results.measured);
  const mine = rows.find(({ method }) => method === GODWIT);
  const best = rows.filter(({ method }) => method !== GODWIT).sort((one, other) => one.wall - other.wall)[0];
  const goal = GOALS[set];
  if (!mine || !best || goal === undefined) return "";
  const { text, copying } = phasesOf(set, results.measured);
  const [whole, alone] = [mine.wall / best.wall, copying / best.wall];
  const cpu = (mine.client + mine.servers) / (best.client + best.servers);
  const judge = (ratio: number): string =>
    ratio <= goal ? "met" : `missed by ${(((ratio - goal) / goal) * 100).toFixed(0)} %`;
  return (
    `Against ${best.method}, the best of the others: ${whole.toFixed(2)} of its wall time with the comparison of all rows, ` +
    `which no other method makes (goal ${goal}: ${judge(whole)}); ${alone.toFixed(2)} without it (${judge(alone)}); ` +
    `${cpu.toFixed(2)} of its CPU time. Where godwit copy's time goes: ${text}; the rest is starting Node and opening the source again.`
  );
}

function tableOf(set: string, results: Results): string {
  const lines = rowsOf(set, results.measured).map(
    (row) =>
      `| ${row.method} | ${row.wall.toFixed(1)} (${row.spread}) | ${row.client.toFixed(1)} | ${row.servers.toFixed(1)} | ${(row.client + row.servers).toFixed(1)} | ${row.memory} |`,
  );
  const head =
    "| method | wall s, median (range) | CPU s, programs | CPU s, servers | CPU s, all | peak memory |\n|---|---|---|---|---|---|";
  return [head, ...lines].join("\n");
}

function cpuModel(): string {
  return /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown";
}

function windowLines({ windows }: Results): string[] {
  return windows.map(
    ({ set, seconds, lost, accepted }) =>
      `- ${set}: last accepted write to the end of the proof ${seconds.toFixed(1)} s; ${accepted} writes accepted, ${lost} of them missing in the copy.`,
  );
}

/** The value that 95 of 100 do not pass; of ten, the largest. */
function p95(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

/** Goal of the live window, in seconds, at any size. */
const LIVE_GOAL = 2;

function liveLine({
  bytes,
  seconds,
  preparing,
  parts,
  copySeconds,
  writesPerSecond,
  lost,
}: LiveWindows): string {
  const worst = p95(seconds);
  const judged = worst <= LIVE_GOAL ? "met" : `missed by ${(worst - LIVE_GOAL).toFixed(2)} s`;
  const made = Object.entries(parts).map(([name, value]) => `${name} ${value.toFixed(2)} s`);
  return (
    `- ${formatBytes(bytes)}: p95 ${worst.toFixed(2)} s, median ${median(seconds).toFixed(2)} s over ${seconds.length} switches ` +
    `(goal: p95 of ${LIVE_GOAL} s at most, ${judged}); ${writesPerSecond.toFixed(0)} writes a second accepted, ${lost} lost. ` +
    `Medians: ${made.join(", ")}. Copied and caught up in ${copySeconds.toFixed(0)} s; compared before the fence in ` +
    `${(preparing[0] ?? 0).toFixed(1)} s the first time, ${median(preparing.slice(1)).toFixed(1)} s after that.`
  );
}

function liveSection({ live }: Results): string[] {
  if (live.length === 0) return [];
  return [
    "## Window of a live migration",
    "From the last write that the old database accepted to the first that the new one accepts, as its application, on a new connection. Each switch is taken back, so that the next one follows.",
    live.map(liveLine).join("\n"),
  ];
}

/** The whole report as Markdown. */
export function renderResults(results: Results): string {
  const loads = results.measured.map(({ loadBefore }) => loadBefore);
  const sections = results.sets.map(({ name, what, bytes }) =>
    [
      `## ${name}`,
      `${what[0]?.toUpperCase()}${what.slice(1)}; ${formatBytes(bytes)} on disk.`,
      tableOf(name, results),
      verdictOf(name, results),
    ].join("\n\n"),
  );
  return `${[
    "# Results",
    "Written by `npm run bench`; do not edit. MySQL and MariaDB: [RESULTS-mysql.md](RESULTS-mysql.md), by `npm run bench -- --engine mysql`. Redis and Valkey: [RESULTS-redis.md](RESULTS-redis.md), by `npm run bench -- --engine redis`.",
    `Machine: ${availableParallelism()} CPUs (${cpuModel()}), ${formatBytes(totalmem())} of memory, Linux ${release()}; both servers, all programs and the disk are shared. ` +
      `Versions: ${results.versions.join(", ")}. Scale ${results.scale}, ${results.jobs} jobs for every method. ` +
      `Load average before the runs: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}, at the end ${(loadavg()[0] ?? 0).toFixed(1)}; ` +
      "above about 1 something else was running, and CPU seconds say more than wall time.",
    ...results.notes,
    ...sections,
    "## Window of refused writes",
    "With 300 writes a second on the source; strategy `dump`, whose window is the whole copy.",
    windowLines(results).join("\n"),
    ...liveSection(results),
  ].join("\n\n")}\n`;
}
