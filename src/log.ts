import { pino } from "pino";
import type { LogLevel } from "./config.ts";
import type { Log } from "./core/ports/log.ts";
import { redact } from "./core/redact.ts";

/** Writes JSON lines to standard error; text in them is redacted once more on its way out. */
export function createLog(level: LogLevel): Log {
  const destination = pino.destination({ dest: 2, sync: true });
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["*.password", "*.token", "*.url", "password", "token", "url"],
    hooks: { streamWrite: redact },
  };
  return pino(options, destination);
}
