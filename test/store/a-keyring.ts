import { randomBytes } from "node:crypto";
import { Secret } from "../../src/core/secret.ts";
import { createKeyring, type Keyring } from "../../src/store/secrets/keyring.ts";

/** A key as GODWIT_SECRET_KEY takes it, made anew at each call. */
export function aKeyText(): string {
  return randomBytes(32).toString("base64");
}

/** A ring of keys with these IDs; `texts` gives some of them a known value. */
export function aKeyring(
  ids: readonly [string, ...string[]] = ["k1"],
  texts: Readonly<Record<string, string>> = {},
): Keyring {
  const key = (id: string) => ({ id, material: new Secret(texts[id] ?? aKeyText()) });
  const [first, ...others] = ids;
  return createKeyring([key(first), ...others.map(key)]);
}
