import { randomBytes } from "node:crypto";

const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

/** Whether a text can be a migration ID: what comes back in a button may have been made by somebody else. */
export function isMigrationId(text: string): boolean {
  return /^mig_[a-z0-9]{16}$/.test(text);
}

/** Makes a migration ID: `mig_` and 16 characters of Crockford's alphabet, of which 80 bits are random. */
export function newMigrationId(): string {
  return `mig_${Array.from(randomBytes(16), (byte) => LETTERS[byte % 32]).join("")}`;
}
