#!/usr/bin/env node
import { pathToFileURL } from "node:url";
import { diagnose } from "./cli/doctor.ts";
import { EXIT, type ExitCode } from "./cli/exit-code.ts";
import { migrate } from "./cli/migrate.ts";
import { start } from "./cli/start.ts";
import { explain, isBadInput, usage } from "./cli/usage.ts";

/** Every command of the command line: a file and a line each. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<ExitCode>>> = {
  start,
  migrate,
  doctor: diagnose,
};

/** Runs `godwit` with its arguments. An error is one line on standard error, and the exit code says its kind. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const [name = "help", ...rest] = args;
  const command = commands[name];
  if (!command) {
    const isHelp = ["help", "--help", "-h"].includes(name);
    (isHelp ? console.log : console.error)(usage(isHelp ? undefined : name));
    return isHelp ? EXIT.done : EXIT.refused;
  }
  try {
    return await command(rest);
  } catch (error) {
    console.error(explain(error));
    return isBadInput(error) ? EXIT.refused : EXIT.failed;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exitCode = await main(process.argv.slice(2));
}
