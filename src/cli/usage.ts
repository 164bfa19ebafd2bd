import { GodwitError } from "../core/failure.ts";
import { describeError, redact } from "../core/redact.ts";

const USAGE = `godwit moves managed databases to another plan, version or zone.

  godwit start [--role bot|worker]   run the bot and the worker, or one of them
  godwit migrate ADDON --plan P --version V [--zone Z] [--strategy dump|live] [--yes] [--consent]
                [--json]             run one migration from here; --consent says yes to what a plan marks with Consent
  godwit copy --from URL --to URL [--jobs N] [--owner ROLE] [--resume] [--unfence] [--json]
                                     copy one database without the bot; superusers' URLs, also from
                                     GODWIT_FROM_URL and GODWIT_TO_URL. After a success the old one stays
                                     read-only unless --unfence is given; after a failure it is open again.
                                     A run that was killed: --resume goes on, --unfence without --to opens
      --strategy live [--switch-at now|HH:MM|TIME] [--switch-limit 60s] [--replication-limit 16GiB]
                                     copy while the old one is written to, and follow it until Enter,
                                     SIGUSR2 or the time; read-only for the switch alone
  godwit commands deploy             register /db where a platform takes it from the bot (also done at start)
  godwit rotate-key                  encrypt every stored password with the first key of GODWIT_SECRET_KEYS
  godwit doctor [--deep]             check the configuration and everything Godwit talks to; --deep: every record too

Configuration is read from godwit.yaml and the environment; the README lists both.
Exit codes: 0 done and verified, 1 failed, 2 refused by preflight or bad input.`;

/** The command line's help, with a first line about a command that does not exist. */
export function usage(unknown?: string): string {
  return unknown === undefined ? USAGE : `godwit has no command “${unknown}”.\n\n${USAGE}`;
}

/** Thrown for arguments that make no sense. */
export class BadInput extends Error {}

const INPUT_CODES = new Set([
  "bad-configuration",
  "database-unreachable",
  "redis-unreachable",
  "redis-evicts",
  "secret-key-not-set",
  "secret-key-missing",
  "secret-key-wrong",
]);

/** Whether an error is the caller's to mend, which exit code 2 says. */
export function isBadInput(error: unknown): boolean {
  if (error instanceof GodwitError) return INPUT_CODES.has(error.code);
  return (
    error instanceof BadInput || (error instanceof TypeError && "code" in error && isParseCode(error.code))
  );
}

/** One line for people; what Godwit does not know is shown with its causes, redacted. */
export function explain(error: unknown): string {
  if (error instanceof GodwitError) return `godwit: ${redact(`${error.summary} ${error.remedy}`)}`;
  if (isBadInput(error)) return `godwit: ${(error as Error).message} Type godwit help for the commands.`;
  return `godwit: ${describeError(error)}`;
}

/** Codes of node:util's `parseArgs`. */
function isParseCode(code: unknown): boolean {
  return typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
}
