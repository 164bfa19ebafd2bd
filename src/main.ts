#!/usr/bin/env node
import { pathToFileURL } from "node:url";
import { EXIT, type ExitCode } from "./cli/exit-code.ts";
import { explain, isBadInput, usage } from "./cli/usage.ts";

type Command = (args: readonly string[]) => Promise<ExitCode>;

/** Every command of the command line: a file and a line each. Only the one that is typed is loaded. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./cli/start.ts")).start,
  migrate: async () => (await import("./cli/migrate.ts")).migrate,
  copy: async () => (await import("./cli/copy.ts")).copy,
  commands: async () => (await import("./cli/commands.ts")).commands,
  "rotate-key": async () => (await import("./cli/rotate-key.ts")).rotateKey,
  doctor: async () => (await import("./cli/doctor.ts")).diagnose,
};

/** Runs `godwit` with its arguments. An error is one line on standard error, and the exit code says its kind. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const [name = "help", ...rest] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const isHelp = ["help", "--help", "-h"].includes(name);
    (isHelp ? console.log : console.error)(usage(isHelp ? undefined : name));
    return isHelp ? EXIT.done : EXIT.refused;
  }
  try {
    const command = await load();
    return await command(rest);
  } catch (error) {
    console.error(explain(error));
    return isBadInput(error) ? EXIT.refused : EXIT.failed;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exitCode = await main(process.argv.slice(2));
}
