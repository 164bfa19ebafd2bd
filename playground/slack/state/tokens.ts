import { refuse } from "../refusal.ts";

export interface Token {
  readonly kind: "bot" | "app";
  scopes: Set<string>;
  isRevoked: boolean;
}

/** Who may call what. Several bot tokens with different scopes can be issued. */
export class Tokens {
  readonly #tokens = new Map<string, Token>();

  issue(secret: string, kind: Token["kind"], scopes: readonly string[]): Token {
    const token: Token = { kind, scopes: new Set(scopes), isRevoked: false };
    this.#tokens.set(secret, token);
    return token;
  }

  find(secret: string | undefined): Token {
    if (!secret) refuse("not_authed");
    const token = this.#tokens.get(secret) ?? refuse("invalid_auth");
    if (token.isRevoked) refuse("token_revoked");
    return token;
  }

  require(token: Token, anyOf: readonly string[]): void {
    if (anyOf.length === 0 || anyOf.some((scope) => token.scopes.has(scope))) return;
    refuse("missing_scope", { needed: anyOf.join(","), provided: [...token.scopes].join(",") });
  }
}
