import { refuse } from "../refusal.ts";

/** Roles of a member of an organisation. guess: DEVELOPER may look but not migrate, ACCOUNTING sees prices only. */
export type Role = "ADMIN" | "MANAGER" | "DEVELOPER" | "ACCOUNTING";

export interface OauthTokens {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: string;
  readonly secret: string;
}

interface Member {
  role: Role;
  isRevoked: boolean;
}

/** Who may ask: API tokens of the bridge, and the OAuth1 pair of the API host. */
export class Tokens {
  readonly oauth: OauthTokens = {
    consumerKey: "local-consumer-key",
    consumerSecret: "local-consumer-secret",
    token: "local-oauth-token",
    secret: "local-oauth-secret",
  };
  readonly #members = new Map<string, Member>();
  readonly #nonces = new Set<string>();

  constructor(apiToken: string) {
    this.issue(apiToken, "ADMIN");
    this.issue(this.oauth.token, "ADMIN");
  }

  issue(secret: string, role: Role): void {
    this.#members.set(secret, { role, isRevoked: false });
  }

  /** Every further request with it answers 401, as with one that ran out. */
  revoke(secret: string): void {
    const member = this.#members.get(secret);
    if (member) member.isRevoked = true;
  }

  /** @throws Refusal 401 when the token is not known or ran out */
  roleOf(secret: string): Role {
    const member = this.#members.get(secret);
    if (!member || member.isRevoked) refuse("unauthorized");
    return member.role;
  }

  /** False when a signed request is sent twice. */
  useNonce(nonce: string): boolean {
    if (this.#nonces.has(nonce)) return false;
    this.#nonces.add(nonce);
    return true;
  }
}
