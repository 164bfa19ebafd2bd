import type { Answer } from "../src/core/answer.ts";
import type { Invocation } from "../src/core/ports/chat.ts";
import { cancel } from "./cancel.ts";
import type { Command, CommandContext } from "./command.ts";
import { freeze } from "./freeze.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { list } from "./list.ts";
import { migrate } from "./migrate.ts";
import { pause } from "./pause.ts";
import { resume } from "./resume.ts";
import { retry } from "./retry.ts";
import { revert } from "./revert.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { switchCommand } from "./switch.ts";
import { unfreeze } from "./unfreeze.ts";

/** Every subcommand of `/db`, in the order in which help shows them. */
export const commands: readonly Command[] = [
  migrate,
  list,
  status,
  history,
  start,
  switchCommand,
  pause,
  resume,
  cancel,
  retry,
  revert,
  freeze,
  unfreeze,
  help,
];

/** Runs the subcommand that a person typed; an unknown one is answered with help. */
export async function runCommand(invocation: Invocation, context: CommandContext): Promise<Answer> {
  const command = commands.find(({ name }) => name === invocation.name);
  if (command && command !== help) return command.run(invocation, context);
  const unknown = command || invocation.name === "" ? null : invocation.name;
  return { kind: "help", commands, unknown };
}
