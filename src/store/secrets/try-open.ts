import { GodwitError } from "../../core/failure.ts";
import type { Secret } from "../../core/secret.ts";
import type { Keyring } from "./keyring.ts";
import { placeOfSecret } from "./place.ts";

/** The credential of a row, or null when it does not open. */
export function tryOpen(
  keyring: Keyring,
  { ref, ciphertext }: { readonly ref: string; readonly ciphertext: string },
): Secret | null {
  try {
    return keyring.open(placeOfSecret(ref), ciphertext);
  } catch (error) {
    if (error instanceof GodwitError) return null;
    throw error;
  }
}
