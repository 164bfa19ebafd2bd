import type { Json } from "../model.ts";
import type { Upload } from "../server/read-request.ts";
import type { Finding } from "../validation/finding.ts";
import type { SchemaName } from "../validation/load-schemas.ts";
import type { World } from "../world.ts";

/** One request to one route. */
export interface Call {
  readonly world: World;
  /** Method and route: `POST /channels/{channel}/messages`. */
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** A list where the route takes one. */
  readonly body: Json;
  readonly files: readonly Upload[];
}

export interface Answer {
  readonly status: number;
  /** Left out: nothing at all, and no content type either. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which rate limit counts it: posts and edits per channel, `other` only in all, interactions not at all. */
export type Limit = "post" | "edit" | "other" | "unlimited";

export interface Route<Name extends string = string> {
  readonly name: Name;
  /** `bot`: needs the token. `none`: the path holds an interaction token. */
  readonly auth: "bot" | "none";
  readonly limit: Limit;
  /** Schema of the body; undefined when the body names none, which the rules then say. */
  readonly schema?: (body: Json) => SchemaName | undefined;
  /** Rules that the schema misses; only asked about bodies the schema accepts. */
  readonly rules?: (call: Call) => readonly Finding[];
  readonly run: (call: Call) => Answer;
}

export function defineRoute<const Name extends string>(route: Route<Name>): Route<Name> {
  return route;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export const noContent: Answer = { status: 204 };

export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}
