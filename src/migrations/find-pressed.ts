import type { Migration } from "../core/migration.ts";
import type { PressAction } from "../core/ports/chat.ts";
import type { Refusal } from "../core/verdict.ts";

/** A refusal for a button whose migration is gone or that another press has overtaken. */
export function stale(migration: Migration | undefined, action: PressAction): Refusal {
  if (!migration) {
    const summary = "This button belongs to a migration that Godwit does not know.";
    return { code: "unknown-migration", summary, remedy: "Start anew with /db migrate." };
  }
  const { addonName } = migration.source;
  const so =
    action === "redeploy" ? "none of its applications can be deployed anew" : `it cannot be ${DONE[action]}`;
  return {
    code: "stale-button",
    summary: `The migration of ${addonName} ${SAYS[migration.state]}, so ${so}.`,
    remedy: `${migration.id} is shown by /db status and /db history.`,
  };
}

const DONE: Readonly<Record<Exclude<PressAction, "redeploy">, string>> = {
  confirm: "confirmed",
  consent: "consented to",
  cancel: "cancelled",
  recheck: "checked again",
  retry: "tried again",
  acknowledge: "acknowledged",
  solve: "marked as solved",
  revert: "reverted",
  wait: "waited for",
  page: "shown to support",
  return: "returned to the old database",
  switch: "switched",
  disarm: "held",
  pause: "paused",
  start: "started",
  resume: "resumed",
};

const SAYS: Record<Migration["state"], string> = {
  awaiting_confirmation: "still waits for confirmation",
  scheduled: "is scheduled already",
  queued: "is confirmed and starts in a moment",
  running: "is running already",
  paused: "is paused",
  rolling_back: "is being returned to the old database",
  succeeded: "has succeeded",
  rolled_back: "has failed and is over",
  needs_support: "waits for support",
  cancelled: "was cancelled",
  expired: "has expired without being confirmed",
  rejected: "was rejected",
};
