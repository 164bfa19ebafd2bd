import { z } from "zod";
import { faultsOf } from "../blocks/violation-message.ts";
import type { Json } from "../model.ts";
import type { Tier } from "../rate-limits.ts";
import { refuseViolation } from "../report-violation.ts";
import type { Token } from "../state/tokens.ts";
import type { World } from "../world.ts";

export interface Call<Args> {
  readonly world: World;
  readonly token: Token;
  readonly args: Args;
}

/** A Web API method. `scopes` names the scopes of which the token needs one; none when empty. */
export interface Method {
  readonly token: Token["kind"] | "any";
  readonly tier: Tier;
  readonly scopes: (world: World, args: Json) => readonly string[];
  readonly run: (call: Call<Json>) => Json;
}

interface MethodSpec<Schema extends z.ZodType> {
  readonly name: string;
  readonly token?: Method["token"];
  readonly tier: Tier;
  readonly scopes?: readonly string[] | Method["scopes"];
  readonly args: Schema;
  readonly run: (call: Call<z.infer<Schema>>) => Json;
}

export function defineMethod<Schema extends z.ZodType>(spec: MethodSpec<Schema>): [string, Method] {
  const { scopes = [] } = spec;
  const run = ({ world, token, args }: Call<Json>): Json => {
    const parsed = spec.args.safeParse(args);
    if (parsed.success) return spec.run({ world, token, args: parsed.data });
    return refuseViolation(world, {
      where: spec.name,
      error: "invalid_arguments",
      faults: faultsOf(parsed.error, ""),
    });
  };
  return [
    spec.name,
    {
      token: spec.token ?? "bot",
      tier: spec.tier,
      scopes: typeof scopes === "function" ? scopes : () => scopes,
      run,
    },
  ];
}

/** An argument that is JSON inside a form field, or the value itself in a JSON body. */
export function jsonArg<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  }, schema);
}

/** An argument before it is checked; empty when it is not a text. */
export function textArg(args: Json, name: string): string {
  const value = args[name];
  return typeof value === "string" ? value : "";
}

export const flag = z.preprocess(
  (value) => (typeof value === "string" ? value === "true" || value === "1" : value),
  z.boolean().optional(),
);

export const count = z.preprocess(
  (value) => (typeof value === "string" ? Number(value) : value),
  z.int().optional(),
);
