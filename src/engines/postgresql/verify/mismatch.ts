import { GodwitError } from "../../../core/failure.ts";

const NAMES_SHOWN = 8;

/** A copy that is not equal: what is said of it, and what differs, such as `table "public"."orders"`. */
export interface Mismatch {
  /** Without its end: the names follow behind a colon. */
  readonly summary: string;
  readonly different: readonly string[];
  readonly remedy: string;
}

/** What is thrown when both sides are not equal; names the first that differ. */
export function mismatch({ summary, different, remedy }: Mismatch): GodwitError {
  const more = different.length > NAMES_SHOWN ? ` and ${different.length - NAMES_SHOWN} more` : "";
  return new GodwitError({
    code: "verification-mismatch",
    class: "permanent",
    summary: `${summary}: ${different.slice(0, NAMES_SHOWN).join(", ")}${more}.`,
    remedy,
  });
}
