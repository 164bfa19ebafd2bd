import { authenticate } from "../auth/authenticate.ts";
import type { Role } from "../auth/tokens.ts";
import { Refusal, refuse } from "../refusal.ts";
import { recordViolation, refuseViolation } from "../report-violation.ts";
import type { World } from "../world.ts";
import type { Answer, Operation } from "./operation.ts";
import type { Found } from "./operations.ts";

/** A request as it came over the wire. */
export interface Incoming {
  readonly host: "api" | "bridge";
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** `http://HOST/path` as the client wrote it, which is what it signs. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly text: string;
  readonly found: Found | undefined;
}

/** Authenticates, checks and answers a request; refusals become answers here. */
export function callOperation(world: World, incoming: Incoming): Answer {
  try {
    return answer(world, incoming);
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body };
    throw error;
  }
}

function answer(world: World, incoming: Incoming): Answer {
  const where = `${incoming.method} ${incoming.path}`;
  const { found } = incoming;
  if (!found) {
    const message = "the API has no such request";
    return refuseViolation(world, { where, error: "unknown-route", message, refusal: "notFound" });
  }
  const { operation, params } = found;
  checkAccess(world, incoming, operation);
  checkQuery(world, incoming, operation);
  const body = readJson(world, incoming);
  return operation.answer({ world, where, params, query: incoming.query, body });
}

const members: readonly Role[] = ["ADMIN", "MANAGER", "DEVELOPER"];

/** Credentials are checked even where none are asked for. @throws Refusal 401, or 403 for a role that may not */
function checkAccess(world: World, incoming: Incoming, operation: Operation): void {
  if (operation.isPublic === true && incoming.authorization === undefined) return;
  const role = authenticate(world, incoming);
  if (operation.isPublic !== true && !(operation.roles ?? members).includes(role)) refuse("forbidden");
}

function checkQuery(world: World, incoming: Incoming, { query: known = [] }: Operation): void {
  for (const name of incoming.query.keys()) {
    if (known.includes(name)) continue;
    const where = `${incoming.method} ${incoming.path}`;
    recordViolation(world, { where, error: "unknown-field", message: `?${name}` });
  }
}

function readJson(world: World, incoming: Incoming): unknown {
  if (incoming.text === "") return undefined;
  const where = `${incoming.method} ${incoming.path}`;
  const isJson = incoming.contentType?.startsWith("application/json") === true;
  try {
    if (isJson) return JSON.parse(incoming.text);
  } catch {
    // Refused below like a body of another type.
  }
  return refuseViolation(world, {
    where,
    error: "bad-request",
    message: "the body is not application/json",
    refusal: "badRequest",
  });
}
