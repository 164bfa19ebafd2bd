import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { callRoute, type Incoming, rateLimited } from "../api/call-route.ts";
import type { Answer } from "../api/route.ts";
import { findRoute } from "../api/routes.ts";
import type { Fault } from "../faults.ts";
import type { ApiCall } from "../model.ts";
import type { World } from "../world.ts";
import { readRequest } from "./read-request.ts";

/** What goes back over the wire. */
type Outcome = Answer | "hang" | "drop";

const prefix = "/api/v10";

/** Answers the REST API, with scripted faults and rate limits in front. */
export async function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const path = decodeURIComponent(url.pathname).slice(prefix.length);
  const method = request.method ?? "GET";
  const incoming: Incoming = {
    method,
    path,
    query: url.searchParams,
    found: findRoute(method, path),
    authorization: request.headers.authorization,
    userAgent: request.headers["user-agent"],
    ...(await readRequest(request)),
  };
  const outcome = await answerCall(world, incoming);
  record(world, incoming, outcome);
  if (outcome === "drop") request.socket.destroy();
  else if (outcome !== "hang") send(response, outcome);
}

async function answerCall(world: World, incoming: Incoming): Promise<Outcome> {
  const { method, path, body, found } = incoming;
  const fault = world.faults.take(found?.route.name ?? `${method} ${path}`, { method, path, body });
  return fault ? failCall(world, incoming, fault) : callRoute(world, incoming);
}

async function failCall(world: World, incoming: Incoming, fault: Fault): Promise<Outcome> {
  if ("retryAfter" in fault) return rateLimited(fault.retryAfter, fault.isGlobal === true);
  if ("status" in fault) return httpError(fault.status, fault.code);
  if ("hang" in fault) return "hang";
  if ("drop" in fault) return "drop";
  if ("latencyMs" in fault) await sleep(fault.latencyMs, undefined, { signal: world.closing.signal });
  const answer = await callRoute(world, incoming);
  if ("acceptedButTimesOut" in fault) return "hang";
  if ("acceptedButDropped" in fault) return "drop";
  return "acceptedButStatus" in fault ? httpError(fault.acceptedButStatus) : answer;
}

function httpError(status: number, code = 0): Answer {
  return { status, body: { message: `${status}: scripted failure`, code } };
}

function record(world: World, incoming: Incoming, outcome: Outcome): void {
  const { method, path, query, body, found } = incoming;
  const answer: Answer = typeof outcome === "string" ? { status: 0 } : outcome;
  const error = answer.status >= 400 ? codeOf(answer.body) : undefined;
  const call: ApiCall = {
    method,
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    route: found?.route.name.split(" ")[1] ?? path,
    body,
    status: answer.status,
    atMs: world.clock.now(),
    ...(error === undefined ? {} : { error }),
  };
  world.calls.push(call);
  world.feed.emit({ kind: "api-call", call });
}

function codeOf(body: unknown): number | undefined {
  return typeof body === "object" && body !== null && "code" in body ? Number(body.code) : undefined;
}

/** 204 has neither body nor content type: discord.js would read it as JSON. */
function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  response.writeHead(status, { ...type, ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
