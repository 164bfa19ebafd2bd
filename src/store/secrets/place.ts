import type { Place } from "./keyring.ts";

/** Where the credential of this name is kept. */
export function placeOfSecret(ref: string): Place {
  return { column: "secrets.ciphertext", row: ref };
}
