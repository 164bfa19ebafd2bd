import { createHash } from "node:crypto";
import type { Clock } from "../local/clock.ts";
import type { Limit } from "./api/route.ts";
import type { Settings } from "./settings.ts";

interface Rule {
  readonly count: number;
  readonly windowMs: number;
}

/** As commonly seen, not documented: five posts and five edits in five seconds per channel. */
const bucketRule: Rule = { count: 5, windowMs: 5000 };
/** A limit nobody reaches, so that headers are there and nothing waits. */
const looseRule: Rule = { count: 1000, windowMs: 1000 };
/** Per bot, interactions aside ("Discord, Rate Limits"). */
const globalRule: Rule = { count: 50, windowMs: 1000 };
/** Edits of messages older than an hour per channel; Discord does not say how many (discord-api-docs issue 4413). */
const oldEditRule: Rule = { count: 10, windowMs: 60 * 60_000 };

/** Renames of one thread, undocumented (discord-api-docs issues 1900 and 2208). */
const renameRule: Rule = { count: 2, windowMs: 10 * 60_000 };

interface Window {
  readonly startedMs: number;
  used: number;
}

/** What goes into the headers of an answer. */
export interface BucketState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAtMs: number;
  readonly resetAfterMs: number;
  readonly bucket: string;
  /** Milliseconds to wait when the request was one too many. */
  readonly waitMs?: number;
  readonly isGlobal: boolean;
}

/** Fixed windows per route and channel, and one over all requests of the bot. */
export class RateLimits {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Counts a request; one too many is not counted and has `waitMs`. */
  take(request: { limit: Limit; route: string; major: string }): BucketState {
    const isStrict = this.#settings.rateLimits === "discord";
    const isBucketed = isStrict && (request.limit === "post" || request.limit === "edit");
    const rule = isBucketed ? bucketRule : looseRule;
    const bucket = createHash("md5").update(request.route).digest("hex");
    const globalWait =
      isStrict && request.limit !== "unlimited" ? this.#wait("global", globalRule) : undefined;
    const wait = globalWait ?? this.#wait(`${bucket} ${request.major}`, rule);
    const window = this.#window(`${bucket} ${request.major}`, rule);
    const resetAtMs = window.startedMs + rule.windowMs;
    return {
      limit: rule.count,
      remaining: Math.max(0, rule.count - window.used),
      resetAtMs,
      resetAfterMs: Math.max(0, resetAtMs - this.#clock.now()),
      bucket,
      isGlobal: globalWait !== undefined,
      ...(wait === undefined ? {} : { waitMs: wait }),
    };
  }

  /** Counts an edit of a message older than an hour; seconds to wait when it is one too many. */
  takeOldEdit(channelId: string): number | undefined {
    const wait = this.#wait(`old-edit ${channelId}`, oldEditRule);
    return wait === undefined ? undefined : wait / 1000;
  }

  /** Counts a rename of a thread; seconds to wait when it is one too many. */
  takeRename(threadId: string): number | undefined {
    if (this.#settings.rateLimits === "off") return undefined;
    const wait = this.#wait(`rename ${threadId}`, renameRule);
    return wait === undefined ? undefined : wait / 1000;
  }

  #wait(key: string, rule: Rule): number | undefined {
    const window = this.#window(key, rule);
    if (window.used >= rule.count) return window.startedMs + rule.windowMs - this.#clock.now();
    window.used += 1;
    return undefined;
  }

  #window(key: string, rule: Rule): Window {
    const now = this.#clock.now();
    const known = this.#windows.get(key);
    if (known && now < known.startedMs + rule.windowMs) return known;
    const fresh = { startedMs: now, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}
