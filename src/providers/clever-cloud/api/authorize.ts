import { createHmac } from "node:crypto";
import type { Secret } from "../../../core/secret.ts";
import type { Credentials } from "../config.ts";

/** What a signature depends on besides the credentials. */
export interface SignedCall {
  readonly method: string;
  readonly url: URL;
  /** Unpredictable, never used twice. */
  readonly nonce: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** The value of the `Authorization` header. */
export function authorize(credentials: Credentials, call: SignedCall): string {
  if (credentials.kind === "token") return `Bearer ${credentials.token.reveal()}`;
  const parameters = {
    oauth_consumer_key: credentials.consumerKey,
    oauth_nonce: call.nonce,
    oauth_signature_method: "HMAC-SHA512",
    oauth_timestamp: String(call.timestamp),
    oauth_token: credentials.token.reveal(),
    oauth_version: "1.0",
  };
  const key = [credentials.consumerSecret, credentials.tokenSecret]
    .map((secret) => encode(secret.reveal()))
    .join("&");
  const signature = createHmac("sha512", key).update(signatureBase(call, parameters)).digest("base64");
  const fields = Object.entries({ ...parameters, oauth_signature: signature });
  return `OAuth ${fields.map(([name, value]) => `${name}="${encode(value)}"`).join(", ")}`;
}

/** The text that is signed (RFC 5849, section 3.4.1). A JSON body is no part of it. */
export function signatureBase(
  { method, url }: Pick<SignedCall, "method" | "url">,
  parameters: Readonly<Record<string, string>>,
): string {
  const pairs = [...url.searchParams, ...Object.entries(parameters)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([leftName, left], [rightName, right]) => order(leftName, rightName) || order(left, right))
    .map(([name, value]) => `${name}=${value}`);
  return [method.toUpperCase(), `${url.origin}${url.pathname}`, pairs.join("&")].map(encode).join("&");
}

/** Every secret of the credentials, to be looked for in texts from outside. */
export function secretsOf(credentials: Credentials): readonly Secret[] {
  if (credentials.kind === "token") return [credentials.token];
  return [credentials.consumerSecret, credentials.token, credentials.tokenSecret];
}

function order(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** RFC 3986: stricter than `encodeURIComponent` by five characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
