import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { bundledProgram } from "../support/shared-servers.ts";
import { until } from "../support/until.ts";
import type { Orders, Report } from "./godwit-process.ts";

/** A Godwit in a process of its own. */
export interface GodwitProcess {
  readonly pid: number;
  order(orders: Orders): void;
  /** Resolves when a step is held, ready to be killed. */
  holding(step: string): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves with the signal that ended it; null when it ended by itself. */
  ended(): Promise<NodeJS.Signals | null>;
  isAlive(): boolean;
  /** What it printed, its log among it: everything, from LOG_LEVEL `debug` on. */
  printed(): readonly string[];
}

export interface GodwitOptions {
  /** `bot`, `worker` or `bot,worker`, the default. */
  readonly roles?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a Godwit; resolves when it has started. */
export async function startGodwit(
  environment: Readonly<Record<string, string>>,
  roles: string,
): Promise<GodwitProcess> {
  const program = await bundledProgram("test/journeys/godwit-process.ts");
  const child = fork(program, {
    execArgv: ["--enable-source-maps"],
    env: { ...process.env, ...environment, ROLES: roles },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const printed = printedBy(child);
  const reports: Report[] = [];
  child.on("message", (report: Report) => reports.push(report));
  const end = endOf(child, printed);
  const heard = async (what: string, isIt: (report: Report) => boolean): Promise<void> => {
    await Promise.race([end, until(() => reports.some(isIt), { what, timeoutMs: 60_000 })]);
  };
  await heard("Godwit to start", ({ kind }) => kind === "started");
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    order: (orders) => void child.send(orders),
    holding: (step) =>
      heard(`step ${step} to be held`, (report) => report.kind === "holding" && report.step === step),
    isAlive,
    printed: () => printed.join("").split("\n"),
    async ended() {
      if (isAlive()) await once(child, "exit");
      return child.signalCode;
    },
    async kill(signal = "SIGKILL") {
      if (!isAlive()) return;
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    },
  };
}

/** Keeps what a process prints; shows it too where somebody has asked for its log. */
function printedBy(child: ChildProcess): string[] {
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed.push(text);
      if (process.env["LOG_LEVEL"] !== undefined) process.stderr.write(text);
    });
  }
  return printed;
}

/** Rejects when the process ends, for whoever waits for something else. */
function endOf(child: ChildProcess, printed: readonly string[]): Promise<never> {
  const end = once(child, "exit").then(([code, signal]) => {
    throw new Error(`Godwit ended with ${code ?? signal}; last words:\n${printed.join("").slice(-2_000)}`);
  });
  end.catch(() => undefined);
  return end;
}
