import { GodwitError } from "../../core/failure.ts";
import { MAKE_A_KEY } from "../../core/secret-key.ts";

/** No key was given for a database that is not the embedded one. */
export function keyNotSet(): GodwitError {
  return new GodwitError({
    code: "secret-key-not-set",
    summary: "DATABASE_URL is set, but no key to encrypt the stored passwords with.",
    remedy: `Make one with ${MAKE_A_KEY}, keep it apart from the database, and set GODWIT_SECRET_KEY to it.`,
  });
}

/** Something is encrypted with keys that this process was not given. */
export function keyMissing(ids: readonly string[]): GodwitError {
  const keys = ids.length === 1 ? `key ${ids[0]}` : `keys ${ids.join(", ")}`;
  return new GodwitError({
    code: "secret-key-missing",
    summary: `Stored passwords are encrypted with ${keys}, which Godwit was not given.`,
    remedy: "Add what is missing to GODWIT_SECRET_KEYS as id:base64, behind the key that encrypts.",
  });
}

/** A key has the ID of another one that this database knows. */
export function keyIsAnother(id: string): GodwitError {
  return new GodwitError({
    code: "secret-key-wrong",
    summary: `Key ${id} is not the one that Godwit's database was encrypted with under this ID.`,
    remedy:
      "Give Godwit the former key; a new key needs an ID of its own, as in GODWIT_SECRET_KEYS=id:base64.",
  });
}

/** Something held the table for long while what an older version stored was to be encrypted. */
export function secretsInUse(cause: unknown): GodwitError {
  return new GodwitError({
    code: "secrets-in-use",
    class: "transient",
    summary:
      "Stored passwords of an older version cannot be encrypted while something else holds their table.",
    remedy: "Stop every process of the older version, wait for the end of a backup, and start Godwit again.",
    cause,
  });
}

/** One stored text does not open. `ref` names the row and holds no secret. */
export function secretUnreadable(ref: string, keyId?: string): GodwitError {
  const key = keyId === undefined ? "" : ` with key ${keyId}`;
  return new GodwitError({
    code: "secret-unreadable",
    summary: `The stored password ${ref} cannot be decrypted${key}; its row was changed, or encrypted with another key.`,
    remedy: `Restore the row ${ref} of godwit.secrets from a backup, or give Godwit the key of that time.`,
  });
}
