type RandomBytes = (count: number) => Uint8Array;

const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Longest start of a name that leaves room for the suffix in 32 characters, the shortest limit of the engines (MySQL's users). */
const STEM_LENGTH = 25;

/** A name for a new database and its role: `orders_k3f9x2`. Lower-case letters, digits and `_` only. */
export function makeDatabaseName(addonName: string, randomBytes: RandomBytes): string {
  const plain = addonName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const withoutSuffix = plain === "" || /^[0-9]/.test(plain) ? `db_${plain}` : plain;
  const stem = withoutSuffix.slice(0, STEM_LENGTH).replace(/_+$/, "");
  return `${stem}_${pick(LOWER, 6, randomBytes)}`;
}

/** A password of 32 letters and digits (190 bits), which needs no quoting anywhere. */
export function makePassword(randomBytes: RandomBytes): string {
  return pick(MIXED, 32, randomBytes);
}

/** Draws characters evenly: bytes past the last whole multiple of the alphabet are thrown away. */
function pick(alphabet: string, length: number, randomBytes: RandomBytes): string {
  const limit = 256 - (256 % alphabet.length);
  let picked = "";
  while (picked.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && picked.length < length) picked += alphabet.charAt(byte % alphabet.length);
    }
  }
  return picked;
}
