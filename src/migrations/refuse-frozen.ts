import type { Freeze } from "../core/freeze.ts";
import type { Refusal } from "../core/verdict.ts";

/** Why nothing starts or switches now. */
export function frozen({ by, reason }: Freeze, what: string): Refusal {
  return {
    code: "frozen",
    summary: `${what}: ${by.name} has frozen Godwit. The reason given: ${reason}.`,
    remedy: "Ask them, or somebody who may, to type /db unfreeze when it is over.",
  };
}
