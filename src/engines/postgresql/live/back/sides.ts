import { GodwitError } from "../../../../core/failure.ts";
import type { EngineCall } from "../../../../core/ports/engine.ts";
import type { ReplicationPlan } from "../../../../core/ports/replication.ts";

/** The stream back is told from the one there, which may still stand when it is made. */
export function backPlan<T extends ReplicationPlan>(plan: T): T {
  return { ...plan, id: backId(plan.id) };
}

/** What the stream back of a migration is named after. */
export function backId(id: string): string {
  return `${id}_back`;
}

/** Sentences about a replication call its source the old server; here the source is the new one. */
function turned(text: string): string {
  return text.replaceAll(/\b(old|new) (server|one|database)\b/gu, (_, age: string, what: string) =>
    age === "old" ? `new ${what}` : `old ${what}`,
  );
}

/** The same error with the sides named by their age. */
export function turnedError({ code, class: kind, summary, remedy, cause }: GodwitError): GodwitError {
  return new GodwitError({ code, class: kind, summary: turned(summary), remedy: turned(remedy), cause });
}

/** Runs what is shared with the way there, and lets its errors name the sides by their age. */
export async function inReverse<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof GodwitError ? turnedError(error) : error;
  }
}

/** A call whose progress names the sides by their age. */
export function turnedCall(call: EngineCall): EngineCall {
  return {
    ...call,
    report: (progress) => call.report({ ...progress, label: turned(progress.label) }),
  };
}
