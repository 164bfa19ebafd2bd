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
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const reports: Report[] = [];
  child.on("message", (report: Report) => reports.push(report));
  const end = endOf(child);
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

/** Rejects when the process ends, for whoever waits for something else. */
function endOf(child: ChildProcess): Promise<never> {
  const end = once(child, "exit").then(([code, signal]) => {
    throw new Error(`Godwit ended with ${code ?? signal}`);
  });
  end.catch(() => undefined);
  return end;
}
