import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import type { DeliveryProblem } from "../../core/ports/chat.ts";
import { type CallKind, delivering as deliveringBy, isUnsent, unclear } from "../outbox/delivering.ts";
import type { ChannelProblem } from "../present/form.ts";

/** Discord's JSON error codes that Godwit treats in a way of its own (Discord, "Opcodes and Status Codes"). */
export const CODE = {
  unknownChannel: 10_003,
  unknownMessage: 10_008,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  oldEdits: 30_046,
  alreadyAcknowledged: 40_060,
  missingAccess: 50_001,
  notInDirectMessages: 50_003,
  missingPermissions: 50_013,
  wrongChannelType: 50_024,
  tokenDied: 50_027,
  archivedThread: 50_083,
  threadExists: 160_004,
  lockedThread: 160_005,
  tooManyThreads: 160_006,
  tooManyAnnouncementThreads: 160_007,
} as const;

/** Where Discord names no time to wait. */
const RATE_LIMIT_MS = 30_000;

/** What a failed call of the REST API means for the message it carried. */
function deliveryProblem(error: unknown, call: CallKind): DeliveryProblem {
  if (error instanceof RateLimitError) return { kind: "rate-limited", retryAfterMs: waitOf(error) };
  if (error instanceof DiscordAPIError) return apiProblem(error);
  if (error instanceof HTTPError) return error.status >= 500 ? unclear(call) : { kind: "unreachable" };
  if (isUnsent(error) || isWithoutToken(error)) return { kind: "unreachable" };
  return unclear(call);
}

/** Runs a call of the REST API; whatever it throws becomes a `DeliveryError`. */
export function delivering<T>(call: CallKind, work: () => Promise<T>): Promise<T> {
  return deliveringBy((error) => deliveryProblem(error, call), work);
}

/** Discord's error code, such as `50013`; null for failures that are not Discord's answer. */
export function discordCode(error: unknown): string | null {
  return error instanceof DiscordAPIError ? String(error.code) : null;
}

/** Whether Discord answered with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof DiscordAPIError && codes.some((code) => error.code === code);
}

/** Whether Discord refused the token of the bot itself. */
export function isRefused(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 401;
}

/** Why a channel did not take a plan. */
export function channelProblem(code: string): ChannelProblem {
  switch (Number(code)) {
    case CODE.archivedThread:
    case CODE.lockedThread:
      return { kind: "archived" };
    case CODE.unknownChannel:
    case CODE.missingAccess:
    case CODE.missingPermissions: {
      const remedy =
        "Let its role view the channel, send messages, and create and write in threads, then try again.";
      return { kind: "no-access", remedy: [remedy] };
    }
    default:
      return { kind: "other", code };
  }
}

function apiProblem(error: DiscordAPIError): DeliveryProblem {
  if (error.code === CODE.oldEdits || error.status === 429)
    return { kind: "rate-limited", retryAfterMs: RATE_LIMIT_MS };
  // Without a code it is not Discord that answered, but something before it.
  if (error.status === 401 || !Number(error.code)) return { kind: "unreachable" };
  return { kind: "permanent", code: String(error.code) };
}

function waitOf({ retryAfter, timeToReset }: RateLimitError): number {
  const ms = Math.max(retryAfter, timeToReset);
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : RATE_LIMIT_MS;
}

/** @discordjs/rest forgets its token when Discord refuses it, and then throws a plain error (REST 2.6.3, `resolveRequest`). */
function isWithoutToken(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Expected token to be set");
}
