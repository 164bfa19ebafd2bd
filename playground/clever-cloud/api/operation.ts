import type { Role } from "../auth/tokens.ts";
import type { World } from "../world.ts";

export interface Answer {
  readonly status: number;
  /** JSON; plain text when it is a string; nothing when left out. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, its path taken apart. */
export interface Call {
  readonly world: World;
  /** The request as a violation names it: `GET /v2/…`. */
  readonly where: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
}

export interface Operation {
  readonly method: "GET" | "POST" | "DELETE";
  /** With `:name` for what varies. */
  readonly path: string;
  /** Query parameters it knows; others are violations. */
  readonly query?: readonly string[];
  /** Answers without anyone having signed in. guess: which ones do. */
  readonly isPublic?: boolean;
  /** Who may ask. guess: everyone but ACCOUNTING when left out. */
  readonly roles?: readonly Role[];
  readonly answer: (call: Call) => Answer;
}
