import { z } from "zod";
import { MAKE_A_KEY, parseSecretKey, type SecretKey } from "../core/secret-key.ts";

const HINT = `write 32 bytes in base64, as ${MAKE_A_KEY} makes them`;

/** `GODWIT_SECRET_KEY`: one key. */
export const oneSecretKey = z.string().transform((value, context): readonly SecretKey[] => {
  const key = parseSecretKey(value);
  if (key !== null) return [key];
  context.issues.push({ code: "custom", input: "", message: `is not a key; ${HINT}` });
  return z.NEVER;
});

/** `GODWIT_SECRET_KEYS`: `id:base64,id2:base64`; the first encrypts. */
export const severalSecretKeys = z.string().transform((value, context): readonly SecretKey[] => {
  const keys = value.split(",").map(parseSecretKey);
  const known = keys.filter((key) => key !== null);
  const twice = known.find(({ id }, index) => known.findIndex((key) => key.id === id) < index);
  if (known.length === keys.length && !twice) return known;
  const message = twice
    ? `names the key ID ${twice.id} twice; give each key an ID of its own`
    : `is no list of keys like id:base64,id2:base64; ${HINT}`;
  context.issues.push({ code: "custom", input: "", message });
  return z.NEVER;
});

/** The keys that the environment gives, the one that encrypts first; both variables at once would hide one. */
export function readSecretKeys(variables: {
  readonly GODWIT_SECRET_KEY?: readonly SecretKey[] | undefined;
  readonly GODWIT_SECRET_KEYS?: readonly SecretKey[] | undefined;
}): { readonly keys: readonly SecretKey[]; readonly problems: readonly string[] } {
  const { GODWIT_SECRET_KEY: one, GODWIT_SECRET_KEYS: several } = variables;
  if (!one || !several) return { keys: one ?? several ?? [], problems: [] };
  const problem =
    "GODWIT_SECRET_KEY and GODWIT_SECRET_KEYS are both set; set one, GODWIT_SECRET_KEYS to change keys.";
  return { keys: [], problems: [problem] };
}
