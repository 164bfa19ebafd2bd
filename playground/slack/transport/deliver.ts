import type { PersonError } from "../model.ts";
import type { World } from "../world.ts";
import type { Answer, Delivery } from "./transport.ts";

export type Ack =
  | { readonly acked: true; readonly body: unknown; readonly ms: number }
  | { readonly acked: false; readonly error: "operation_timeout" | "dispatch_failed"; readonly ms: number };

/**
 * Hands a payload to the app over the configured transport and waits for the acknowledgement. In vain, the person sees
 * an error; Slack sends interactions only once.
 */
export async function deliver(world: World, delivery: Delivery, userId: string): Promise<Ack> {
  const startedMs = performance.now();
  const answer = await answerInTime(world, delivery);
  const ms = performance.now() - startedMs;
  const acked = answer !== "late" && answer.kind === "acked";
  world.ackLatencies.push({ kind: delivery.kind, ms, acked });
  if (answer !== "late" && answer.kind === "acked") return { acked: true, body: answer.body, ms };
  const error = answer === "late" ? "operation_timeout" : "dispatch_failed";
  const detail =
    answer === "late" ? `not acknowledged within ${world.settings.ackTimeoutMs} ms` : answer.detail;
  showError(world, { userId, error, kind: delivery.kind, detail });
  return { acked: false, error, ms };
}

async function answerInTime(world: World, delivery: Delivery): Promise<Answer | "late"> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([giveUp.signal, world.closing.signal]);
  const late = new Promise<"late">((resolve) => signal.addEventListener("abort", () => resolve("late")));
  const timer = setTimeout(() => giveUp.abort(), world.settings.ackTimeoutMs);
  const transport = world.settings.requestUrl === undefined ? world.socket : world.http;
  try {
    return await Promise.race([late, transport.send(delivery, signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/** Nobody looks at a closed form or at an event, so nobody sees those fail. */
function showError(world: World, error: PersonError): void {
  if (error.kind === "event" || error.kind === "view_closed") return;
  world.errors.push(error);
  world.feed.emit({ kind: "error", error });
}
