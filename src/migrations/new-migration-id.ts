import { randomBytes } from "node:crypto";

const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

/** Makes a migration ID: `mig_` and 16 characters of Crockford's alphabet, of which 80 bits are random. */
export function newMigrationId(): string {
  return `mig_${Array.from(randomBytes(16), (byte) => LETTERS[byte % 32]).join("")}`;
}
