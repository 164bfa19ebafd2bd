import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";
import { DeliveryError, type DeliveryProblem } from "../../core/ports/chat.ts";

/** Whether repeating the call can do harm: a post would stand there twice, an edit would not. */
export type CallKind = "post" | "edit";

/** Never reached Slack: the connection was not made. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** Slack took the call and then failed; parts of it may have happened (Slack, "chat.postMessage", errors). */
const HALF_DONE = new Set(["fatal_error", "internal_error", "request_timeout"]);
/** The whole app is locked out until an operator acts, so messages wait for it. */
const LOCKED_OUT = new Set([
  "service_unavailable",
  "invalid_auth",
  "not_authed",
  "token_expired",
  "token_revoked",
  "account_inactive",
  "team_added_to_org",
]);
const RATE_LIMIT_MS = 30_000;

/** What a failed call of the Web API means for the message it carried. */
function deliveryProblem(error: unknown, call: CallKind): DeliveryProblem {
  const unclear: DeliveryProblem = { kind: call === "post" ? "doubtful" : "unreachable" };
  if (error instanceof WebAPIRateLimitedError)
    return { kind: "rate-limited", retryAfterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIPlatformError) return platformProblem(error.data.error, unclear);
  if (error instanceof WebAPIHTTPError) return error.statusCode >= 500 ? unclear : { kind: "unreachable" };
  if (error instanceof WebAPIRequestError)
    return isUnsent(error.original) ? { kind: "unreachable" } : unclear;
  return unclear;
}

/** Runs a call of the Web API; whatever it throws becomes a `DeliveryError`. */
export async function delivering<T>(call: CallKind, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DeliveryError(deliveryProblem(error, call), error);
  }
}

/** Slack's error code, such as `hash_conflict`; null for failures that are not Slack's answer. */
export function slackCode(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null;
}

function platformProblem(code: string, unclear: DeliveryProblem): DeliveryProblem {
  if (code === "ratelimited" || code === "rate_limited")
    return { kind: "rate-limited", retryAfterMs: RATE_LIMIT_MS };
  if (HALF_DONE.has(code)) return unclear;
  if (LOCKED_OUT.has(code)) return { kind: "unreachable" };
  return { kind: "permanent", code };
}

function isUnsent(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && NOT_CONNECTED.has(cause.code)) return true;
  }
  return false;
}
