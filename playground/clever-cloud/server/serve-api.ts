import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { readBody } from "../../local/read-body.ts";
import { callOperation, type Incoming } from "../api/call-operation.ts";
import type { Answer } from "../api/operation.ts";
import { findOperation } from "../api/operations.ts";
import type { Fault } from "../faults.ts";
import type { Json } from "../model.ts";
import { Refusal, type RefusalName } from "../refusal.ts";
import type { World } from "../world.ts";

/** What goes back over the wire. */
type Outcome = Answer | "hang" | "drop";

/** Answers one request of the API or the bridge host, with scripted faults in front. */
export async function serveApi(
  world: World,
  exchange: {
    readonly host: "api" | "bridge";
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
  },
): Promise<void> {
  const { request, response } = exchange;
  const incoming = await readRequest(exchange.host, request);
  const outcome = await answerCall(world, incoming);
  record(world, incoming, outcome);
  if (outcome === "drop") request.socket.destroy();
  else if (outcome !== "hang") send(response, outcome);
}

async function readRequest(host: "api" | "bridge", request: IncomingMessage): Promise<Incoming> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const method = request.method ?? "GET";
  return {
    host,
    method,
    path: url.pathname,
    url: `http://${request.headers.host ?? ""}${url.pathname}`,
    query: url.searchParams,
    authorization: request.headers.authorization,
    contentType: request.headers["content-type"],
    text: (await readBody(request)).toString(),
    found: findOperation(method, url.pathname),
  };
}

async function answerCall(world: World, incoming: Incoming): Promise<Outcome> {
  const { method, path, found } = incoming;
  const call = { method, path, body: bodyOf(incoming) };
  const fault = world.faults.take(found?.name ?? `${method} ${path}`, call);
  return fault ? failCall(world, incoming, fault) : callOperation(world, incoming);
}

async function failCall(world: World, incoming: Incoming, fault: Fault): Promise<Outcome> {
  if ("status" in fault) return scriptedAnswer(fault);
  if ("hang" in fault) return "hang";
  if ("drop" in fault) return "drop";
  if ("latencyMs" in fault) await sleep(fault.latencyMs, undefined, { signal: world.closing.signal });
  const answer = callOperation(world, incoming);
  if ("acceptedButTimesOut" in fault) return "hang";
  if ("acceptedButDropped" in fault) return "drop";
  return "acceptedButStatus" in fault ? scriptedAnswer({ status: fault.acceptedButStatus }) : answer;
}

const likeReal: Readonly<Record<number, RefusalName>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "notFound",
};

function scriptedAnswer({ status, body, retryAfter }: Extract<Fault, { status: number }>): Answer {
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return { status, body: body ?? errorBody(status), headers };
}

function errorBody(status: number): Json {
  const refusal = likeReal[status];
  if (refusal) return new Refusal(refusal).body;
  return { id: -status, message: `${status}: scripted failure`, type: "error" };
}

function record(world: World, incoming: Incoming, outcome: Outcome): void {
  const { host, method, path, query, found } = incoming;
  const call = {
    host,
    method,
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    operation: found?.name ?? path,
    body: bodyOf(incoming),
    status: typeof outcome === "string" ? 0 : outcome.status,
    atMs: world.clock.now(),
  };
  world.calls.push(call);
  world.feed.emit({ kind: "api-call", call });
}

function bodyOf({ text }: Incoming): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, { ...(body === undefined ? {} : { "content-type": type }), ...headers });
  response.end(body === undefined || isText ? body : JSON.stringify(body));
}
