import { z } from "zod";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { redact } from "../../../core/redact.ts";
import type { CleverCloudConfig } from "../config.ts";
import { authorize, secretsOf } from "./authorize.ts";
import { ApiProblem, kindOf, mayPass } from "./problem.ts";

/** One call. */
export interface Call<T> {
  readonly method?: "GET" | "POST" | "DELETE";
  /** From the root, with its query; IDs in it are encoded. */
  readonly path: string;
  /** What the call is about, as an object of a sentence. */
  readonly what: string;
  readonly schema: z.ZodType<T>;
  readonly body?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What calls need from outside. */
export interface HttpDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly randomBytes: (count: number) => Uint8Array;
}

export type Http = <T>(call: Call<T>) => Promise<T>;

const TIMEOUT_MS = 15_000;
/** Reads are repeated so often; what changes something never is. */
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 400;
/** A longer `Retry-After` is left to whoever called. */
const LONGEST_PAUSE_MS = 20_000;
/** After so long no other attempt is begun: a person may be waiting. */
const PATIENCE_MS = 20_000;
const REASON_LIMIT = 300;

/**
 * Makes the function through which every call goes: signed, bounded in time, its answer checked against a
 * schema. Reads that fail for a moment are repeated with jitter. Throws `ApiProblem`, or the signal's reason.
 */
export function createHttp(config: CleverCloudConfig, dependencies: HttpDependencies): Http {
  return async (call) => {
    const attempts = (call.method ?? "GET") === "GET" ? ATTEMPTS : 1;
    const patientUntil = dependencies.clock.now().getTime() + PATIENCE_MS;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(config, dependencies, call);
      if (answer.kind === "ok") return answer.value;
      const { problem } = answer;
      const pauseMs = Math.max(
        problem.retryAfterMs ?? 0,
        jittered(FIRST_PAUSE_MS * 2 ** attempt, dependencies),
      );
      if (attempt >= attempts || !mayPass(problem) || pauseMs > LONGEST_PAUSE_MS) throw problem;
      if (dependencies.clock.now().getTime() > patientUntil) throw problem;
      dependencies.log.debug({ path: call.path, attempt, code: problem.code, pauseMs }, "calling again");
      await dependencies.clock.sleep(pauseMs, call.signal);
    }
  };
}

type Answer<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "problem"; readonly problem: ApiProblem };

async function send<T>(
  config: CleverCloudConfig,
  dependencies: HttpDependencies,
  call: Call<T>,
): Promise<Answer<T>> {
  call.signal.throwIfAborted();
  const told = { what: call.what, owner: config.owner };
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(`${config.api}${call.path}`, requestOf(config, dependencies, call, signal));
    const text = await response.text();
    if (response.ok) return { kind: "ok", value: read(text, call, told) };
    const reason = reasonOf(text, config);
    const retryAfterMs = retryAfterOf(response, dependencies.clock);
    const problem = new ApiProblem(kindOf(response.status, reason), { ...told, reason, retryAfterMs });
    return { kind: "problem", problem };
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof ApiProblem) return { kind: "problem", problem: error };
    return {
      kind: "problem",
      problem: new ApiProblem("unreachable", { ...told, cause: transportOf(error) }),
    };
  }
}

function requestOf<T>(
  config: CleverCloudConfig,
  { clock, randomBytes }: HttpDependencies,
  { method = "GET", path, body }: Call<T>,
  signal: AbortSignal,
): RequestInit {
  const url = new URL(`${config.api}${path}`);
  const nonce = Buffer.from(randomBytes(16)).toString("hex");
  const timestamp = Math.floor(clock.now().getTime() / 1000);
  const authorization = authorize(config.credentials, { method, url, nonce, timestamp });
  const headers = { accept: "application/json", authorization };
  if (body === undefined) return { method, headers, signal, redirect: "error" };
  const json = { ...headers, "content-type": "application/json" };
  return { method, headers: json, body: JSON.stringify(body), signal, redirect: "error" };
}

/** An answer that does not fit names the places that are wrong and never their values: they may be secrets. */
function read<T>(text: string, { schema }: Call<T>, told: { what: string; owner: string }): T {
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(
    ({ path, code }) => `${path.map(String).join(".") || "all"}: ${code}`,
  );
  throw new ApiProblem("unknown-answer", { ...told, cause: new Error(places.slice(0, 10).join(", ")) });
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

const refusal = z.object({
  id: z.union([z.number(), z.string()]).optional(),
  code: z.union([z.number(), z.string()]).optional(),
  message: z.string().optional(),
  error: z.string().optional(),
});

/** The platform's own words with its number; texts that are no JSON as they are. */
function reasonOf(text: string, config: CleverCloudConfig): string {
  const parsed = refusal.safeParse(parse(text));
  const { id, code = id, error = "", message = error } = parsed.data ?? {};
  const plain = /^\s*</.test(text) ? "" : text.trim();
  const said = parsed.success ? message : plain;
  const numbered = said === "" || code === undefined ? said : `${said} (${code})`;
  return secretsOf(config.credentials)
    .reduce((clean, secret) => clean.replaceAll(secret.reveal(), "[redacted]"), redact(numbered))
    .slice(0, REASON_LIMIT);
}

/** Seconds or a date (RFC 9110, section 10.2.3); null when there is none. */
function retryAfterOf({ headers }: Response, clock: Clock): number | null {
  const value = headers.get("retry-after");
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - clock.now().getTime();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** What the network said, without what Node.js wraps around it. */
function transportOf(error: unknown): Error {
  const { cause = error } = error as { readonly cause?: unknown };
  const { code, name, message } = cause as { readonly code?: string; name?: string; message?: string };
  return new Error(redact(code ?? (name === "TimeoutError" ? "no answer in 15 s" : (message ?? "unknown"))));
}

function jittered(ms: number, { randomBytes }: HttpDependencies): number {
  return ms * (0.5 + (randomBytes(1)[0] ?? 0) / 512);
}
