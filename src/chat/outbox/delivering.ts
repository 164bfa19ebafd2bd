import { DeliveryError, type DeliveryProblem } from "../../core/ports/chat.ts";

/** Whether repeating the call can do harm: a post would stand there twice, an edit would not. */
export type CallKind = "post" | "edit";

/** The connection was not made, so the request never left. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Runs a call of a platform; whatever it throws becomes a `DeliveryError`. */
export async function delivering<T>(
  problemOf: (error: unknown) => DeliveryProblem,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DeliveryError(problemOf(error), error);
  }
}

/** What an unclear end of a call means: a post may have happened, an edit can be repeated. */
export function unclear(call: CallKind): DeliveryProblem {
  return { kind: call === "post" ? "doubtful" : "unreachable" };
}

/** Whether an error says that the platform was never reached. */
export function isUnsent(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && NOT_CONNECTED.has(cause.code)) return true;
  }
  return false;
}
