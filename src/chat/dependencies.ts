import type { CommandSummary } from "../core/command.ts";
import type { GodwitError } from "../core/failure.ts";
import type { PolicyLists } from "../core/ports/chat.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Ownership } from "../core/ports/ownership.ts";

/** What every chat platform's adapter is given. */
export interface ChatDependencies {
  readonly clock: Clock;
  readonly log: Log;
  /** A number from 0 up to 1, for incident IDs. */
  readonly random: () => number;
  /** Users and groups that the policy asks for on this platform. */
  readonly policy: PolicyLists;
  /** Every subcommand of `/db`, in the order in which help shows them. */
  readonly commands: readonly CommandSummary[];
  /** For connections that only one process may hold. */
  readonly ownership: Ownership;
  /** Called when the platform will never take this bot again, such as a revoked token: the process ends. */
  readonly giveUp: (error: GodwitError) => void;
}
