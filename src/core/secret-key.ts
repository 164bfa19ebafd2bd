import { Secret } from "./secret.ts";

/** A key that credentials are encrypted with in Godwit's own database. */
export interface SecretKey {
  /** Written beside whatever the key encrypts: 1 to 32 letters, digits, `_` and `-`. */
  readonly id: string;
  /** 32 bytes in base64. */
  readonly material: Secret;
}

/** How a person makes a key. */
export const MAKE_A_KEY = "openssl rand -base64 32";

/** `id:` may be left out; 43 digits of base64 and `=` are 32 bytes. */
const WRITTEN = /^(?:([A-Za-z0-9_-]{1,32}):)?([A-Za-z0-9+/]{43}=)$/;

/** Reads `id:base64` or the base64 alone, whose ID is `default`; null when it is no key of 32 bytes. */
export function parseSecretKey(text: string): SecretKey | null {
  const [, id = "default", material] = WRITTEN.exec(text.trim()) ?? [];
  return material === undefined ? null : { id, material: new Secret(material) };
}
