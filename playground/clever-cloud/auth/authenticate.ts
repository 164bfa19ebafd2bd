import { timingSafeEqual } from "node:crypto";
import { refuse } from "../refusal.ts";
import { refuseViolation } from "../report-violation.ts";
import type { World } from "../world.ts";
import { readOauthHeader, type SignedRequest, signHmacSha512 } from "./oauth1.ts";
import type { Role } from "./tokens.ts";

/** guess: how far a signed request's time may be from ours. */
const maxSkewSeconds = 300;

/**
 * Who asks. A token that is unknown or ran out is refused; a request that could never be right is a violation besides.
 *
 * guess: each host takes its own kind of credentials only.
 * @throws Refusal 401
 */
export function authenticate(
  world: World,
  request: SignedRequest & { readonly host: "api" | "bridge"; readonly authorization: string | undefined },
): Role {
  const header = request.authorization;
  if (header === undefined) refuseCredentials(world, request.host, "no Authorization header");
  const isBearer = /^bearer /i.test(header);
  if (isBearer !== (request.host === "bridge")) refuseWrongHost(world, request.host);
  if (isBearer) return world.tokens.roleOf(header.slice("bearer ".length));
  return verifyOauth(world, request, readOauthHeader(header));
}

function refuseWrongHost(world: World, host: "api" | "bridge"): never {
  const message = host === "api" ? "the API host takes OAuth1 only" : "the bridge takes API tokens only";
  refuseViolation(world, { where: `${host} host`, error: "wrong-host", message, refusal: "unauthorized" });
}

function refuseCredentials(world: World, host: "api" | "bridge", message: string): never {
  refuseViolation(world, {
    where: `${host} host`,
    error: "bad-credentials",
    message,
    refusal: "unauthorized",
  });
}

function verifyOauth(world: World, request: SignedRequest, oauth: ReadonlyMap<string, string>): Role {
  const known = world.tokens.oauth;
  if (oauth.get("oauth_consumer_key") !== known.consumerKey) refuse("unauthorized");
  const signature = oauth.get("oauth_signature") ?? "";
  if (!isSame(signature, expectedSignature(world, request, oauth)))
    refuseCredentials(world, "api", "the signature does not match");
  if (oauth.get("oauth_token") !== known.token) refuse("unauthorized");
  return world.tokens.roleOf(known.token);
}

/** "clever-client.js, cc-auth-oauth-v1-plaintext.ts": without a method it is PLAINTEXT; nonce and time are optional there. */
function expectedSignature(world: World, request: SignedRequest, oauth: ReadonlyMap<string, string>): string {
  const { consumerSecret, secret } = world.tokens.oauth;
  switch (oauth.get("oauth_signature_method") ?? "PLAINTEXT") {
    case "PLAINTEXT":
      return `${consumerSecret}&${secret}`;
    case "HMAC-SHA512":
      refuseReplay(world, oauth);
      return signHmacSha512(request, oauth, { consumer: consumerSecret, token: secret });
    default:
      return refuseCredentials(world, "api", "the signature method is neither PLAINTEXT nor HMAC-SHA512");
  }
}

function refuseReplay(world: World, oauth: ReadonlyMap<string, string>): void {
  const seconds = Number(oauth.get("oauth_timestamp"));
  const nonce = oauth.get("oauth_nonce") ?? "";
  const skew = Math.abs(seconds - Date.now() / 1000);
  if (!(skew <= maxSkewSeconds)) refuseCredentials(world, "api", "the timestamp is out of range");
  if (nonce === "" || !world.tokens.useNonce(`${seconds} ${nonce}`))
    refuseCredentials(world, "api", "the nonce is missing or was used");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
