import type { Answer } from "../src/core/answer.ts";
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
export interface Command {
  readonly name: string;
  /** What follows the name, such as `[addon]`; empty when nothing does. */
  readonly usage: string;
  /** One sentence without a full stop, for `/db help` and for the platforms' own lists. */
  readonly description: string;
  /** True when the answer is a form: the platform may show an empty one at once. */
  readonly opensForm: boolean;
  run(invocation: Invocation, context: CommandContext): Promise<Answer>;
}
