import type { ClaimedMessage } from "../../core/outbox.ts";
import type { DeliveryProblem } from "../../core/ports/chat.ts";

const LONGEST_DELAY_MS = 60_000;
const FIRST_DELAY_MS = 1_000;
const DOUBT_MS = 2_000;
/** A defect of ours fails the same way each time; it must not hold its thread up for ever. */
const SURPRISES = 5;

/** What becomes of a message that was not delivered. */
export type Next =
  | { readonly kind: "retry"; readonly delayMs: number; readonly doubtful: boolean; readonly error: string }
  | { readonly kind: "dead"; readonly error: string };

/** Decides what follows from a platform's answer. */
export function afterProblem(message: ClaimedMessage, problem: DeliveryProblem, random: () => number): Next {
  const { doubtful } = message;
  switch (problem.kind) {
    case "rate-limited":
      return { kind: "retry", delayMs: problem.retryAfterMs, doubtful, error: problem.kind };
    case "unreachable":
      return { kind: "retry", delayMs: jitter(message.attempts, random), doubtful, error: problem.kind };
    case "doubtful":
      return {
        kind: "retry",
        delayMs: doubtDelay(message.attempts, random),
        doubtful: true,
        error: problem.kind,
      };
    case "permanent":
      return { kind: "dead", error: problem.code };
  }
}

/** Decides what follows from an error that is not the platform's: some tries, then the message is given up. */
export function afterSurprise(message: ClaimedMessage, random: () => number): Next {
  if (message.attempts >= SURPRISES) return { kind: "dead", error: "internal" };
  return { kind: "retry", delayMs: jitter(message.attempts, random), doubtful: true, error: "internal" };
}

/** Full jitter: a random time up to a limit that doubles with each attempt, at most 60 s. */
function jitter(attempts: number, random: () => number): number {
  const limit = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts, 16));
  return Math.round(random() * limit);
}

/** The platform gets a moment to show a message that it may have taken. */
function doubtDelay(attempts: number, random: () => number): number {
  return DOUBT_MS + (attempts > 1 ? jitter(attempts, random) : 0);
}
