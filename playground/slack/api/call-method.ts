import type { Json } from "../model.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { Token } from "../state/tokens.ts";
import type { World } from "../world.ts";
import { type Method, textArg } from "./method.ts";
import { methods } from "./methods.ts";

export interface ApiRequest {
  readonly method: string;
  readonly args: Json;
  readonly token: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Record<string, string>;
}

/** Runs one Web API call: token, scopes and rate limit first, then the method. */
export function callMethod(world: World, request: ApiRequest): ApiAnswer {
  try {
    const method = methods.get(request.method) ?? refuse("unknown_method", { req_method: request.method });
    const token = world.tokens.find(request.token);
    if (method.token !== "any" && method.token !== token.kind) refuse("not_allowed_token_type");
    return runMethod(world, { method, token, args: request.args });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: 200, body: { ok: false, error: error.error, ...error.details }, headers: {} };
  }
}

function runMethod(world: World, call: { method: Method; token: Token; args: Json }): ApiAnswer {
  const { method, token, args } = call;
  const accepted = method.scopes(world, args);
  const headers = {
    "x-oauth-scopes": [...token.scopes].join(","),
    "x-accepted-oauth-scopes": accepted.join(","),
  };
  try {
    world.tokens.require(token, accepted);
    return { status: 200, body: { ok: true, ...method.run({ world, token, args }) }, headers };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: 200, body: { ok: false, error: error.error, ...error.details }, headers };
  }
}

export function rateLimited(seconds: number): ApiAnswer {
  return {
    status: 429,
    body: { ok: false, error: "ratelimited" },
    headers: { "retry-after": String(seconds) },
  };
}

/** Whether Slack would turn this call away, and for how many seconds. */
export function secondsToWait(world: World, request: ApiRequest): number | undefined {
  const tier = methods.get(request.method)?.tier ?? "none";
  return world.rateLimits.take(tier, request.method, textArg(request.args, "channel"));
}
