import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Secret } from "../../core/secret.ts";
import type { SecretKey } from "../../core/secret-key.ts";
import { keyMissing, secretUnreadable } from "./problems.ts";

/** AES-256-GCM with 96-bit random nonces and 128-bit tags. Source: NIST SP 800-38D, sections 5.2 and 8.2.2. */
const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** `v1:<key ID>:<base64 of nonce, ciphertext and tag>`. */
const SEALED = /^v1:([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{38,}={0,2})$/;

/** Where an encrypted text is stored; it opens nowhere else. */
export interface Place {
  /** Such as `secrets.ciphertext`. */
  readonly column: string;
  /** The row's primary key. */
  readonly row: string;
}

/** Encrypts and decrypts what is stored. The first key encrypts, every key decrypts. */
export interface Keyring {
  /** IDs of all keys, the one that encrypts first. */
  readonly ids: readonly [string, ...string[]];
  seal(place: Place, value: Secret): string;
  /** As `seal`, with any key of the ring. */
  sealWith(keyId: string, sealed: { readonly place: Place; readonly value: Secret }): string;
  /**
   * Throws a permanent `GodwitError`: `secret-key-missing` when the key is not in this ring, `secret-unreadable`
   * when the text is of another place, changed, cut, or encrypted with another key of this ID.
   */
  open(place: Place, sealed: string): Secret;
}

/** A ring of at least one key, with different IDs. */
export function createKeyring([first, ...others]: readonly [SecretKey, ...SecretKey[]]): Keyring {
  const keys = new Map([first, ...others].map(({ id, material }) => [id, material]));
  const seal = (key: SecretKey, place: Place, value: Secret) =>
    `v1:${key.id}:${encrypt(key, place, value).toString("base64")}`;
  return {
    ids: [first.id, ...others.map(({ id }) => id)],
    seal: (place, value) => seal(first, place, value),
    sealWith(id, { place, value }) {
      const material = keys.get(id);
      if (material === undefined) throw keyMissing([id]);
      return seal({ id, material }, place, value);
    },
    open(place, sealed) {
      const [, id = "", payload = ""] = SEALED.exec(sealed) ?? [];
      if (id === "") throw secretUnreadable(place.row);
      const material = keys.get(id);
      if (material === undefined) throw keyMissing([id]);
      return decrypt({ id, material }, place, Buffer.from(payload, "base64"));
    },
  };
}

function encrypt(key: SecretKey, place: Place, value: Secret): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, bytesOf(key), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bindingOf(key, place));
  const text = cipher.update(value.reveal(), "utf8");
  return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: SecretKey, place: Place, payload: Buffer): Secret {
  try {
    const nonce = payload.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, bytesOf(key), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bindingOf(key, place));
    decipher.setAuthTag(payload.subarray(-TAG_BYTES));
    const text = decipher.update(payload.subarray(NONCE_BYTES, -TAG_BYTES));
    return new Secret(Buffer.concat([text, decipher.final()]).toString("utf8"));
  } catch {
    // What the library throws tells nothing more, and its error would keep the bytes alive.
    throw secretUnreadable(place.row, key.id);
  }
}

/** Authenticated with the text, so that a text copied into another row, or under another key's ID, does not open. */
function bindingOf({ id }: SecretKey, { column, row }: Place): Buffer {
  return Buffer.from(JSON.stringify(["godwit", "v1", id, column, row]));
}

function bytesOf({ material }: SecretKey): Buffer {
  return Buffer.from(material.reveal(), "base64");
}
