import type { Json } from "../model.ts";
import type { BucketState } from "../rate-limits.ts";
import { Refusal, refuse } from "../refusal.ts";
import { refuseMisuse } from "../report-violation.ts";
import type { Upload } from "../server/read-request.ts";
import { checkRequest } from "../validation/check-request.ts";
import type { World } from "../world.ts";
import type { Answer, Call } from "./route.ts";
import type { FoundRoute } from "./routes.ts";

/** A request as it came in. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly found: FoundRoute | undefined;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  readonly body: unknown;
  readonly files: readonly Upload[];
  readonly isReadable: boolean;
}

/** `DiscordBot (url, version)` and more ("Discord, User Agent"). */
const userAgentPattern = /^DiscordBot \(\S+, \S+\)/;

/** Answers a request: token, rate limit, validation, then the route itself. */
export async function callRoute(world: World, incoming: Incoming): Promise<Answer> {
  try {
    return await answer(world, incoming);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: error.body, headers: error.headers };
  }
}

async function answer(world: World, incoming: Incoming): Promise<Answer> {
  const { found } = incoming;
  requireUserAgent(world, incoming);
  if (!found) refuseMisuse(world, misuse(incoming, "notFound", "there is no such route here"));
  if (found.route.auth === "bot") requireToken(world, incoming.authorization);
  const bucket = world.rateLimits.take({
    limit: found.route.limit,
    route: found.route.name,
    major: majorOf(found),
  });
  if (bucket.waitMs !== undefined)
    return withBucket(rateLimited(bucket.waitMs / 1000, bucket.isGlobal), bucket);
  if (!incoming.isReadable) refuseMisuse(world, misuse(incoming, "invalidJson", "the body is not JSON"));
  const call: Call = {
    world,
    route: found.route.name,
    params: found.params,
    query: incoming.query,
    body: (incoming.body ?? {}) as Json,
    files: incoming.files,
  };
  await checkRequest(found.route, call);
  return withBucket(found.route.run(call), bucket);
}

function misuse(incoming: Incoming, name: "notFound" | "invalidJson" | "badUserAgent", message: string) {
  return { where: `${incoming.method} ${incoming.path}`, name, code: 0, message };
}

function requireUserAgent(world: World, incoming: Incoming): void {
  if (userAgentPattern.test(incoming.userAgent ?? "")) return;
  refuseMisuse(
    world,
    misuse(incoming, "badUserAgent", `the User-Agent is ${incoming.userAgent ?? "missing"}`),
  );
}

function requireToken({ settings }: World, authorization: string | undefined): void {
  if (settings.isTokenRevoked || authorization !== `Bot ${settings.token}`) refuse("unauthorized");
}

/** Limits are counted apart per channel, guild and webhook ("Discord, Rate Limits"). */
function majorOf({ params }: FoundRoute): string {
  return params.channel ?? params.guild ?? params.token ?? "";
}

function withBucket(answer: Answer, bucket: BucketState): Answer {
  const headers = {
    "x-ratelimit-limit": String(bucket.limit),
    "x-ratelimit-remaining": String(bucket.remaining),
    "x-ratelimit-reset": (bucket.resetAtMs / 1000).toFixed(3),
    "x-ratelimit-reset-after": (bucket.resetAfterMs / 1000).toFixed(3),
    "x-ratelimit-bucket": bucket.bucket,
  };
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

/** 429 in Discord's shape ("Discord, Rate Limits": exceeding a rate limit). */
export function rateLimited(seconds: number, isGlobal: boolean): Answer {
  return {
    status: 429,
    body: { message: "You are being rate limited.", retry_after: seconds, global: isGlobal },
    headers: {
      "retry-after": String(Math.ceil(seconds)),
      "x-ratelimit-reset-after": seconds.toFixed(3),
      "x-ratelimit-scope": isGlobal ? "global" : "user",
      via: "1.1 google",
      ...(isGlobal ? { "x-ratelimit-global": "true" } : {}),
    },
  };
}
