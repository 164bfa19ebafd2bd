import { GodwitError } from "../../../core/failure.ts";

/** One thing that is not the same on both sides. */
export interface Difference {
  readonly place: string;
  readonly what: string;
}

const SHOWN = 5;

/** What is thrown when a copy is not equal; names objects, never values. */
export function mismatch(database: string, differences: readonly Difference[]): GodwitError {
  const shown = differences.slice(0, SHOWN).map(({ place, what }) => `${place}: ${what}`);
  const more = differences.length > SHOWN ? `; and ${differences.length - SHOWN} more` : "";
  return new GodwitError({
    code: "verification-mismatch",
    summary: `The copy of ${database} differs from it: ${shown.join("; ")}${more}.`,
    remedy: "The old database stays in service. Ask support to look at these objects before another attempt.",
  });
}
