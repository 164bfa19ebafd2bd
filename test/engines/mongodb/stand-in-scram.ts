import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const ROUNDS = 4096;
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The server's side of one login by SCRAM-SHA-256 (RFC 7677). */
export class Scram {
  readonly user: string;
  readonly first: string;
  readonly #bare: string;
  readonly #salt = randomBytes(16);

  constructor(clientFirst: string) {
    this.#bare = clientFirst.slice(3);
    const [, name = "", nonce = ""] = /^n=(.*),r=(.*)$/.exec(this.#bare) ?? [];
    this.user = name.replaceAll("=2C", ",").replaceAll("=3D", "=");
    this.first = `r=${nonce}${randomBytes(12).toString("hex")},s=${this.#salt.toString("base64")},i=${ROUNDS}`;
  }

  /** What proves to the client that the server knows the password; null when the client does not. */
  finish(clientFinal: string, password: string): string | null {
    const [, without = "", proof = ""] = /^(.*),p=(.*)$/.exec(clientFinal) ?? [];
    const salted = pbkdf2Sync(password, this.#salt, ROUNDS, 32, "sha256");
    const clientKey = hmac(salted, "Client Key");
    const stored = createHash("sha256").update(clientKey).digest();
    const text = `${this.#bare},${this.first},${without}`;
    const signature = hmac(stored, text);
    const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    if (expected.toString("base64") !== proof) return null;
    return `v=${hmac(hmac(salted, "Server Key"), text).toString("base64")}`;
  }
}
