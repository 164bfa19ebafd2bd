import { createHmac } from "node:crypto";
import type { ApiVariable } from "./api/schemas.ts";

/** Long enough to see a change, too short to try passwords against. */
const HASH_CHARACTERS = 8;

/** Names of variables with a keyed hash of their values, so that a change is seen and nothing is kept. */
export function fingerprint(variables: readonly ApiVariable[], salt: string): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name, value }) => [
      name,
      createHmac("sha256", salt).update(value.reveal()).digest("hex").slice(0, HASH_CHARACTERS),
    ]),
  );
}

/** Which variables have another value than before, and which are there no more. */
export function compareFingerprints(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): { readonly changed: string[]; readonly lost: string[] } {
  return {
    changed: Object.keys(after).filter((name) => before[name] !== after[name]),
    lost: Object.keys(before).filter((name) => after[name] === undefined),
  };
}
