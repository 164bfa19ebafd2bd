import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { readBody } from "../../local/read-body.ts";
import {
  type ApiAnswer,
  type ApiRequest,
  callMethod,
  rateLimited,
  secondsToWait,
} from "../api/call-method.ts";
import type { Fault } from "../faults.ts";
import type { Json } from "../model.ts";
import type { World } from "../world.ts";
import { readArgs, readToken } from "./read-request.ts";

/** What goes back over the wire; `undefined` leaves the request without an answer. */
type Outcome = ApiAnswer | "hang" | "drop";

/** Answers `POST /api/<method>`, with scripted faults and rate limits in front. */
export async function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = new URL(request.url ?? "/", "http://localhost").pathname.replace(/^\/api\//, "");
  const { token: tokenArg, team_id: _team, ...args } = readArgs(request, await readBody(request));
  const token = readToken(request, { token: tokenArg });
  const outcome = await answerCall(world, { method, args, token });
  record(world, { method, args }, outcome);
  if (outcome === "drop") request.socket.destroy();
  else if (outcome !== "hang") sendJson(response, outcome);
}

async function answerCall(world: World, call: ApiRequest): Promise<Outcome> {
  const fault = world.faults.take(call.method, call.args);
  if (fault) return failCall(world, call, fault);
  const seconds = secondsToWait(world, call);
  return seconds === undefined ? callMethod(world, call) : rateLimited(seconds);
}

async function failCall(world: World, call: ApiRequest, fault: Fault): Promise<Outcome> {
  if ("retryAfter" in fault) return rateLimited(fault.retryAfter);
  if ("status" in fault) return httpError(fault.status);
  if ("error" in fault) return { status: 200, body: { ok: false, error: fault.error }, headers: {} };
  if ("hang" in fault) return "hang";
  if ("drop" in fault) return "drop";
  if ("latencyMs" in fault) await sleep(fault.latencyMs, undefined, { signal: world.closing.signal });
  const answer = callMethod(world, call);
  if ("acceptedButTimesOut" in fault) return "hang";
  return "acceptedButStatus" in fault ? httpError(fault.acceptedButStatus) : answer;
}

function httpError(status: number): ApiAnswer {
  return { status, body: { ok: false, error: "internal_error" }, headers: {} };
}

function record(world: World, call: { method: string; args: Json }, outcome: Outcome): void {
  const answer = typeof outcome === "string" ? { status: 0, body: { error: outcome } } : outcome;
  const error = "error" in answer.body ? { error: String(answer.body.error) } : {};
  const entry = { ...call, atMs: world.clock.now(), status: answer.status, ...error };
  world.calls.push(entry);
  world.feed.emit({ kind: "api-call", call: entry });
}

export function sendJson(response: ServerResponse, answer: ApiAnswer): void {
  response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
  response.end(JSON.stringify(answer.body));
}
