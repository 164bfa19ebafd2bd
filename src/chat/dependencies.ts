import type { PolicyLists } from "../core/ports/chat.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";

/** What every chat platform's adapter is given. */
export interface ChatDependencies {
  readonly clock: Clock;
  readonly log: Log;
  /** A number from 0 up to 1, for incident IDs. */
  readonly random: () => number;
  /** Users and groups that the policy asks for on this platform. */
  readonly policy: PolicyLists;
  /** Whether a subcommand opens the form: a trigger lives 3 s, so the form opens before anyone is asked. */
  readonly opensForm: (name: string) => boolean;
}
