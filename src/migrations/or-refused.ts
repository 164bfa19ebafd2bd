import { GodwitError } from "../core/failure.ts";
import type { Refusal } from "../core/verdict.ts";

export type Refused = { readonly kind: "refused"; readonly refusal: Refusal };

/** Turns errors that a person can understand into refusals; throws all others. */
export async function orRefused<T>(act: () => Promise<T>): Promise<T | Refused> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof GodwitError)) throw error;
    const { code, summary, remedy } = error;
    return { kind: "refused", refusal: { code, summary, remedy } };
  }
}
