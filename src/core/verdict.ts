/** Fields of the form that a refusal can stand at. */
export type FormField = "addon" | "plan" | "version" | "zone" | "strategy" | "start";

/**
 * Why something was not done, for the person who asked: `code` is stable, `summary` says what is the
 * matter, `remedy` is an instruction.
 */
export interface Refusal {
  readonly code: string;
  readonly summary: string;
  readonly remedy: string;
  readonly field?: FormField;
}

/** Whether a choice is possible. */
export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly refusal: Refusal };

/** The verdict of a choice that nothing stands against. */
export const ALLOWED: Verdict = { allowed: true };

/** Makes the verdict of a choice that is not possible. */
export function refused(refusal: Refusal): Verdict {
  return { allowed: false, refusal };
}
