import { type DestinationStream, pino } from "pino";
import type { LogLevel } from "./config.ts";
import type { Log } from "./core/ports/log.ts";
import { redact } from "./core/redact.ts";

const DEEPEST_CAUSE = 5;

/** Writes JSON lines to standard error; text in them is redacted once more on its way out. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["*.password", "*.token", "*.url", "password", "token", "url"],
    serializers: { err: errorFacts, error: errorFacts },
    hooks: { streamWrite: redact },
  };
  return pino(options, destination ?? pino.destination({ dest: 2, sync: true }));
}

/**
 * What a log keeps of an error: its words and where it came from. Other fields stay out, since clients hang whole
 * requests with their tokens on their errors.
 */
function errorFacts(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { name: type, message, stack, cause } = error;
  const code = "code" in error && isPlain(error.code) ? { code: error.code } : {};
  const status = "status" in error && isPlain(error.status) ? { status: error.status } : {};
  const deeper = cause !== undefined && depth < DEEPEST_CAUSE ? { cause: errorFacts(cause, depth + 1) } : {};
  return { type, message, ...code, ...status, stack, ...deeper };
}

function isPlain(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
