import { createHmac } from "node:crypto";
import type { Secret } from "../../../core/secret.ts";

/** A request that asks a service to restart an application. */
export interface WebhookCall {
  readonly url: Secret;
  /** Signs the body when there is one. */
  readonly secret: Secret | null;
  readonly body: Readonly<Record<string, string>>;
  readonly idempotencyKey: string;
  readonly now: Date;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a request went: null when it was accepted. */
export type WebhookProblem = { readonly problem: string; readonly again: boolean } | null;

/** Posts the body as JSON. Redirects are not followed: the signature is meant for this address alone. */
export async function callWebhook(call: WebhookCall): Promise<WebhookProblem> {
  const body = JSON.stringify(call.body);
  try {
    const response = await fetch(call.url.reveal(), {
      method: "POST",
      headers: headersOf(call, body),
      body,
      redirect: "manual",
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]),
    });
    await response.body?.cancel();
    return response.ok ? null : refusal(response.status);
  } catch {
    call.signal.throwIfAborted();
    return { problem: "its restart webhook did not answer", again: true };
  }
}

/** The signature of a body: `t` is the Unix time in seconds, `v1` the HMAC-SHA256 of `t.body` in hexadecimal. */
function signBody(body: string, secret: Secret, now: Date): string {
  const time = Math.floor(now.getTime() / 1000);
  const digest = createHmac("sha256", secret.reveal()).update(`${time}.${body}`).digest("hex");
  return `t=${time},v1=${digest}`;
}

function headersOf(call: WebhookCall, body: string): Record<string, string> {
  const headers = { "content-type": "application/json", "idempotency-key": call.idempotencyKey };
  return call.secret === null
    ? headers
    : { ...headers, "x-godwit-signature": signBody(body, call.secret, call.now) };
}

/** Refusals of the request itself are not repeated: the answer would be the same. */
function refusal(status: number): WebhookProblem {
  const again = status >= 500 || status === 429 || status === 408;
  return { problem: `its restart webhook answered with status ${status}`, again };
}
