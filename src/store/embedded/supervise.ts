import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { GodwitError } from "../../core/failure.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { SUPERVISOR_SCRIPT } from "./supervisor-script.ts";
import type { ServerUser } from "./unprivileged-user.ts";

/** What a supervisor watches over. */
export interface SupervisorOptions {
  /** Folder that the user owns; removed when the supervisor ends, whatever ends it. */
  readonly runFolder: string;
  /** File that receives what the server prints. */
  readonly logFile: string;
  /** The signals that stop the server, tried in turn ten seconds apart. */
  readonly stopSignals: readonly string[];
  /** Who runs the server; left out: the user of this process. */
  readonly user?: ServerUser | undefined;
}

/** A program that runs under a supervisor. */
export interface Supervised {
  readonly pid: number;
  /** Resolves with the exit status when the program has ended. */
  readonly exited: Promise<number>;
}

/** A shell process that ends its server and removes its folder when this process ends, even by SIGKILL. */
export interface Supervisor {
  /** Starts a program; one at a time. */
  run(command: readonly string[]): Promise<Supervised>;
  /** Sends the signals in turn until the program has ended. */
  halt(signals: readonly string[]): void;
  /** Stops the program, removes the folder of the run and resolves when all of it is gone. */
  end(): Promise<void>;
}

/** Starts a supervisor. Used by the embedded PostgreSQL server and by the playground's Redis. */
export function supervise(options: SupervisorOptions): Supervisor {
  const shell = spawnShell(options);
  const ended = once(shell, "exit");
  const waiting = new Waiting();
  shell.on("error", (cause) => waiting.fail(cause));
  shell.on("exit", () => waiting.fail(new Error("the supervising shell has ended")));
  if (shell.stdout) createInterface({ input: shell.stdout }).on("line", (line) => waiting.hear(line));
  shell.stdin?.on("error", () => undefined);
  return {
    run: (command) => {
      shell.stdin?.write(`run ${command.map(quote).join(" ")}\n`);
      return waiting.forStart();
    },
    halt: (signals) => void shell.stdin?.write(`halt ${signals.join(" ")}\n`),
    end: async () => {
      shell.stdin?.end();
      if (shell.exitCode === null && shell.signalCode === null && shell.pid !== undefined) await ended;
    },
  };
}

/**
 * The shell has its own session: Ctrl-C in a terminal reaches Godwit only, which then stops in order. It
 * gets its program by a variable, so that lists of processes stay readable.
 */
function spawnShell({ runFolder, logFile, stopSignals, user }: SupervisorOptions): ChildProcess {
  const args = ["godwit-supervisor", runFolder, logFile, stopSignals.join(" ")];
  const path = process.env["PATH"] ?? "/usr/bin:/bin";
  return spawn("/bin/sh", ["-c", 'eval "$GODWIT_SUPERVISOR"', ...args], {
    cwd: runFolder,
    env: { PATH: path, LC_ALL: "C", GODWIT_SUPERVISOR: SUPERVISOR_SCRIPT },
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    ...user,
  });
}

function quote(argument: string): string {
  if (argument.includes("\n")) throw new TypeError("an argument of a supervised program has no line break");
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** Turns the shell's answers into promises. */
class Waiting {
  #start: Deferred<Supervised> | undefined;
  #exit: Deferred<number> | undefined;
  #failure: Error | undefined;

  forStart(): Promise<Supervised> {
    if (this.#failure) return Promise.reject(cannotSupervise(this.#failure));
    this.#start = deferred<Supervised>();
    return this.#start.promise;
  }

  hear(line: string): void {
    const [word, value] = line.split(" ");
    if (word === "started") {
      this.#exit = deferred<number>();
      this.#start?.resolve({ pid: Number(value), exited: this.#exit.promise });
    }
    if (word === "exited") this.#exit?.resolve(Number(value));
  }

  fail(cause: Error): void {
    this.#failure = cause;
    this.#start?.reject(cannotSupervise(cause));
    this.#exit?.resolve(-1);
  }
}

function cannotSupervise(cause: Error): GodwitError {
  return new GodwitError({
    code: "server-not-supervised",
    summary: `Starting the shell that watches over the embedded server: ${cause.message}.`,
    remedy: "Check that /bin/sh runs for this user, or set DATABASE_URL to a PostgreSQL server of your own.",
    cause,
  });
}
