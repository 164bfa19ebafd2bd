import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";
import type { DeliveryProblem } from "../../core/ports/chat.ts";
import { type CallKind, delivering as deliveringBy, isUnsent, unclear } from "../outbox/delivering.ts";
import type { ChannelProblem } from "../present/form.ts";

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
  if (error instanceof WebAPIRateLimitedError)
    return { kind: "rate-limited", retryAfterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIPlatformError) return platformProblem(error.data.error, call);
  if (error instanceof WebAPIHTTPError)
    return error.statusCode >= 500 ? unclear(call) : { kind: "unreachable" };
  if (error instanceof WebAPIRequestError)
    return isUnsent(error.original) ? { kind: "unreachable" } : unclear(call);
  return unclear(call);
}

/** Runs a call of the Web API; whatever it throws becomes a `DeliveryError`. */
export function delivering<T>(call: CallKind, work: () => Promise<T>): Promise<T> {
  return deliveringBy((error) => deliveryProblem(error, call), work);
}

/** Why a channel did not take a plan. */
export function channelProblem(code: string): ChannelProblem {
  if (code === "is_archived") return { kind: "archived" };
  if (code !== "not_in_channel" && code !== "channel_not_found") return { kind: "other", code };
  const remedy: ChannelProblem["remedy"] = [
    "Type ",
    { kind: "code", text: "/invite @Godwit" },
    " in the channel, then try again. In a direct message, use a channel instead.",
  ];
  return { kind: "no-access", remedy };
}

/** Slack's error code, such as `hash_conflict`; null for failures that are not Slack's answer. */
export function slackCode(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null;
}

function platformProblem(code: string, call: CallKind): DeliveryProblem {
  if (code === "ratelimited" || code === "rate_limited")
    return { kind: "rate-limited", retryAfterMs: RATE_LIMIT_MS };
  if (HALF_DONE.has(code)) return unclear(call);
  if (LOCKED_OUT.has(code)) return { kind: "unreachable" };
  return { kind: "permanent", code };
}
