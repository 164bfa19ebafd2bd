import type { Answer } from "../src/core/answer.ts";
import type { CommandOption, CommandSummary } from "../src/core/command.ts";
import type { Right } from "../src/core/policy.ts";
import type { ChatPort, Invocation } from "../src/core/ports/chat.ts";
import type { Dependencies } from "../src/migrations/dependencies.ts";

/** What a subcommand may use. */
export interface CommandContext {
  readonly deps: Dependencies;
  /** The platforms that are connected, for links to threads. */
  readonly chats: readonly ChatPort[];
  readonly signal: AbortSignal;
}

/** One subcommand of `/db`; knows no chat platform. */
export interface Command extends CommandSummary {
  /** Which right it takes; to migrate unless said otherwise. */
  readonly right?: Right;
  run(invocation: Invocation, context: CommandContext): Promise<Answer>;
}

/** An add-on that the person may name. */
export const ADDON: CommandOption = {
  name: "addon",
  kind: "addon",
  placeholder: "addon",
  description: "The database, by its name or its add-on ID",
  isRequired: false,
};

/** A migration that the person must name, by its add-on or by its own ID. */
export const MIGRATION: CommandOption = {
  name: "addon",
  kind: "addon",
  placeholder: "addon or migration ID",
  description: "The database whose migration is meant, or the migration's ID",
  isRequired: true,
};
