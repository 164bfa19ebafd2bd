import { GodwitError } from "../../../core/failure.ts";

/** What is thrown when both sides differ. Names the database, and no key: keys hold people's names. */
export function mismatch(database: number | null, what: string): GodwitError {
  const where = database === null ? "The new server" : `Database ${database} of the new server`;
  return new GodwitError({
    code: "verification-mismatch",
    class: "permanent",
    summary: `${where} is not equal to the old one: ${what}.`,
    remedy: "Nothing was switched. Try again; if it differs again, ask support to compare both servers.",
  });
}
