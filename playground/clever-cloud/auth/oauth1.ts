import { createHmac } from "node:crypto";

/** A request as OAuth1 signs it; a JSON body is not part of it (RFC 5849, 3.4.1.3). */
export interface SignedRequest {
  readonly method: string;
  /** Without the query. */
  readonly url: string;
  readonly query: URLSearchParams;
}

/** The parameters of an `Authorization: OAuth …` header, decoded (RFC 5849, 3.5.1). */
export function readOauthHeader(header: string): Map<string, string> {
  const parts = header.replace(/^OAuth\s+/i, "").split(",");
  return new Map(
    parts.flatMap((part) => {
      const [, name, value] = /^\s*([^=]+)="([^"]*)"\s*$/.exec(part) ?? [];
      return name === undefined ? [] : [[decode(name), decode(value ?? "")] as const];
    }),
  );
}

/** The HMAC-SHA512 signature of a request (RFC 5849, 3.4, with the hash that Clever Cloud's own clients used). */
export function signHmacSha512(
  request: SignedRequest,
  oauth: ReadonlyMap<string, string>,
  secrets: { readonly consumer: string; readonly token: string },
): string {
  const key = `${encode(secrets.consumer)}&${encode(secrets.token)}`;
  return createHmac("sha512", key).update(baseString(request, oauth)).digest("base64");
}

function baseString(request: SignedRequest, oauth: ReadonlyMap<string, string>): string {
  const pairs = [...request.query, ...oauth]
    .filter(([name]) => name !== "oauth_signature" && name !== "realm")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(
      ([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue),
    )
    .map((pair) => pair.join("="));
  return [request.method.toUpperCase(), request.url, pairs.join("&")].map(encode).join("&");
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Percent-encoding of RFC 3986, which leaves fewer characters alone than encodeURIComponent. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
