import type { GodwitError } from "../../core/failure.ts";
import { formatBytes, formatCount, formatDuration } from "../../core/format.ts";
import type { Finding } from "../../core/preflight.ts";
import { redact } from "../../core/redact.ts";
import type { Progress } from "../../core/step.ts";
import type { Strategy } from "../../core/target.ts";
import { type GateView, gateLine } from "./live/sentences.ts";

/** What a finished copy says of itself. */
export interface CopyResult {
  readonly strategy: Strategy;
  readonly rows: number;
  /** What was counted in `rows`, in the singular. */
  readonly item: string;
  readonly bytes: number;
  readonly seconds: number;
  /** How long the source has refused writes so far; in a live copy that was the switch alone. */
  readonly readOnlySeconds: number;
  readonly verified: boolean;
  /** Whether the source still refuses writes. */
  readonly fenced: boolean;
  /** Seconds that each phase took. */
  readonly phases: Readonly<Record<string, number>>;
  /** Sentences about what could not be compared. */
  readonly notVerified: readonly string[];
}

/** Tells a copy on standard output: sentences and a bar, or one JSON object a line. */
export interface CopyReporter {
  phase(name: string, title: string): void;
  progress(progress: Progress): void;
  /** Called at every look; what is told is told at most every few seconds, or when the state changes. */
  gate(view: GateView): void;
  finding(finding: Finding): void;
  notice(sentence: string): void;
  failed(error: GodwitError, fenced: boolean): void;
  report(result: CopyResult): void;
}

/** `json`: one object a line, as other programs read it; otherwise for people. */
export function createCopyReporter(json: boolean): CopyReporter {
  return json ? jsonReporter() : plainReporter(process.stderr.isTTY);
}

function jsonReporter(): CopyReporter {
  const clean = (_: string, value: unknown): unknown => (typeof value === "string" ? redact(value) : value);
  const print = (type: string, value: object): void => console.log(JSON.stringify({ type, ...value }, clean));
  return {
    phase: (name) => print("phase", { name }),
    progress: (progress) => print("progress", progress),
    gate: sparingly((view) => print("gate", factsOf(view))),
    finding: (finding) => print("finding", finding),
    notice: (sentence) => print("notice", { sentence }),
    failed: ({ code, summary, remedy }, fenced) => print("failed", { code, summary, remedy, fenced }),
    report: (result) => print("report", result),
  };
}

const GATE_EVERY_MS = 5_000;

/** Lets a gate through when its state has changed, and otherwise only now and then. */
function sparingly(tell: (view: GateView) => void): (view: GateView) => void {
  let [told, toldAt] = ["", 0];
  return (view) => {
    const { state, reason } = view.verdict;
    const news = JSON.stringify([state, state === "waiting-for-lag" ? null : reason, view.gate.mode]);
    if (news === told && performance.now() - toldAt < GATE_EVERY_MS) return;
    [told, toldAt] = [news, performance.now()];
    tell(view);
  };
}

function factsOf({ gate, verdict, lag }: GateView): object {
  const { mode, switchAt, retryAt, tries } = gate;
  const { state, reason } = verdict;
  return { state, reason, mode, switchAt, retryAt, tries, ...lag, pid: process.pid };
}

const BAR_CELLS = 24;

function bar({ doneBytes, totalBytes, doneRows, item = "row", label }: Progress): string {
  if (doneBytes === undefined || !totalBytes) return label;
  const share = Math.min(doneBytes / totalBytes, 1);
  const cells = "█".repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS, "░");
  const rows = doneRows === undefined ? "" : `, ${formatCount(doneRows)} ${item}s`;
  return `${cells} ${Math.floor(share * 100)} %  ${formatBytes(doneBytes)}${rows}  ${label}`;
}

function plainReporter(hasTerminal: boolean): CopyReporter {
  const clear = (): void => void (hasTerminal && process.stderr.write("\r\u001b[K"));
  const print = (line: string): void => {
    clear();
    console.log(redact(line));
  };
  /** The line that the next one replaces. */
  const show = (line: string): void => {
    if (!hasTerminal) return;
    clear();
    process.stderr.write(redact(line).slice(0, (process.stderr.columns ?? 80) - 1));
  };
  return {
    phase: (_, title) => print(title),
    progress: (progress) => show(bar(progress)),
    gate: (view) => show(gateLine(view)),
    finding: ({ level, summary, remedy }) => print(`${level}: ${summary}${remedy ? ` ${remedy}` : ""}`),
    notice: print,
    failed: ({ summary, remedy }) => {
      clear();
      console.error(`godwit: ${redact(`${summary} ${remedy}`)}`);
    },
    report: (result) => print(sentenceOf(result)),
  };
}

function sentenceOf({ rows, item, bytes, seconds, readOnlySeconds, fenced }: CopyResult): string {
  const moved = `Copied ${formatCount(rows)} ${item}s, ${formatBytes(bytes)}, in ${formatDuration(seconds * 1000)}, and proved them equal.`;
  const state = fenced
    ? "The old database refuses writes; “godwit copy --unfence” opens it again."
    : "The old database accepts writes again.";
  return `${moved} It was read-only for ${formatDuration(readOnlySeconds * 1000)}. ${state}`;
}
