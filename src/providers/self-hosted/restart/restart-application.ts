import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { ApplicationConfig, RestartConfig } from "../config.ts";
import { callWebhook } from "./call-webhook.ts";
import { runCommand } from "./run-command.ts";

/** Why an application is restarted, and what the work needs. */
export interface RestartCall {
  readonly application: ApplicationConfig;
  readonly addonId: string;
  readonly migrationId: string;
  readonly idempotencyKey: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const ATTEMPTS = 3;
const COMMAND_TIMEOUT_MS = 60_000;
const WEBHOOK_TIMEOUT_MS = 10_000;

type Attempt = { readonly problem: string; readonly again: boolean } | null;

/** Restarts an application, up to three times. Returns null, or what went wrong as the rest of a sentence. */
export async function restartApplication(call: RestartCall): Promise<string | null> {
  const { restart } = call.application;
  if (restart === null) return "it has no restart in godwit.yaml, so a person has to restart it";
  for (let attempt = 1; ; attempt += 1) {
    const failed = await tryRestart(restart, call);
    call.signal.throwIfAborted();
    if (failed === null) return null;
    const fields = { applicationId: call.application.id, attempt, problem: failed.problem };
    call.log.warn(fields, "application not restarted");
    if (attempt === ATTEMPTS || !failed.again) return failed.problem;
    await call.clock.sleep(1_000 * attempt ** 2, call.signal);
  }
}

async function tryRestart(restart: RestartConfig, call: RestartCall): Promise<Attempt> {
  switch (restart.kind) {
    case "command":
      return await tryCommand(restart.command, call);
    case "webhook":
      return await callWebhook({
        url: restart.url,
        secret: restart.secret,
        body: { application: call.application.id, addon: call.addonId, migration: call.migrationId },
        idempotencyKey: `${call.idempotencyKey}:${call.application.id}`,
        now: call.clock.now(),
        timeoutMs: WEBHOOK_TIMEOUT_MS,
        signal: call.signal,
      });
  }
}

async function tryCommand(command: readonly string[], call: RestartCall): Promise<Attempt> {
  const { problem, output } = await runCommand({
    command,
    folder: call.application.folder,
    variables: {
      GODWIT_APPLICATION: call.application.id,
      GODWIT_ADDON: call.addonId,
      GODWIT_MIGRATION: call.migrationId,
    },
    timeoutMs: COMMAND_TIMEOUT_MS,
    signal: call.signal,
  });
  call.log.debug(
    { applicationId: call.application.id, problem, outputEnd: output.slice(-300) },
    "restart command ended",
  );
  return problem === null ? null : { problem, again: true };
}
