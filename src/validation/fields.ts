import { z } from "zod";
import { Secret } from "../core/secret.ts";
import { nearest } from "./nearest.ts";
import { parseDuration, parseSize } from "./units.ts";

/*
 * The kinds of values that godwit.yaml knows, for the schemas of this folder and of the providers.
 * Messages are predicates ("is not a size; write it like 40GiB"): the loader puts the path and the value before them.
 */

/** Makes the message for a value that is missing or is not `what`, such as `a size`. */
function expected(what: string, hint: string): { error: (issue: { readonly input?: unknown }) => string } {
  return {
    error: ({ input }) => (input === undefined ? `is missing; ${hint}` : `is not ${what}; ${hint}`),
  };
}

/** An object whose unknown keys are refused, each with the nearest known key; one line of the message per key. */
export function record<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  const error: z.core.$ZodErrorMap = (issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, known)).join("\n");
    if (issue.code !== "invalid_type") return undefined;
    return `${issue.input === undefined ? "is missing; it has" : "is not a group of"} the keys ${known.join(", ")}`;
  };
  return z.strictObject(shape, { error });
}

function unknownKey(key: string, known: readonly string[]): string {
  const close = nearest(key, known);
  return close === undefined
    ? `is not a known key; known are ${known.join(", ")}`
    : `is not a known key; did you mean ${close}?`;
}

/** A list; absent is empty unless `required`. */
export function list<Item extends z.ZodType>(item: Item): z.ZodDefault<z.ZodReadonly<z.ZodArray<Item>>> {
  return z.array(item, expected("a list", "write it like [a, b]")).readonly().default([]);
}

/** Text that is not empty. */
export function text(example: string): z.ZodString {
  const options = expected("text", `write it like ${example}, in quotes when it is only digits`);
  return z.string(options).min(1, { error: `is empty; write it like ${example}` });
}

/** Name of something that other keys refer to and that chat shows. */
export function id(example: string): z.ZodString {
  return text(example).regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, {
    error: `is not an id; write up to 63 letters, digits, "_", "-" and ".", like ${example}`,
  });
}

/** An ID of Slack's: a user, a user group, a channel. */
export function slackId(example: string): z.ZodString {
  return text(example).regex(/^[A-Z0-9]{2,}$/, {
    error: `is not an ID of Slack; copy it from Slack, it looks like ${example}`,
  });
}

/** An ID of Discord's: digits, in quotes, since YAML would round such a number. */
export function snowflake(example: string): z.ZodString {
  return text(example).regex(/^\d{17,20}$/, {
    error: `is not an ID of Discord; turn on its developer mode and copy it, it looks like ${example}`,
  });
}

/** A value that is never shown. */
export function secret(hint: string): z.ZodPipe<z.ZodString, z.ZodTransform<Secret, string>> {
  return z
    .string(expected("text", hint))
    .min(1, { error: `is empty; ${hint}` })
    .transform((value) => new Secret(value));
}

/** A URL with one of these protocols, kept as a secret because it may hold a password. */
export function secretUrl(
  protocols: readonly string[] | undefined,
  example: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<Secret, string>> {
  const hint = `write it like ${example}`;
  return z
    .string(expected("a URL", hint))
    .refine((value) => isUrl(value, protocols), { error: `is not a URL; ${hint}` })
    .transform((value) => new Secret(value));
}

/** Whether a text is an absolute URL with one of these protocols (`https:`). */
export function isUrl(value: string, protocols?: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  return protocols === undefined || protocols.includes(new URL(value).protocol);
}

type Parsed = z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;

/** A size in bytes, written like `40GiB`. */
export function size(): Parsed {
  return quantity("a size", "write it like 40GiB", parseSize);
}

/** A duration in milliseconds, written like `72h`. */
export function duration(example: string): Parsed {
  return quantity("a duration", `write it like ${example}`, parseDuration);
}

function quantity(what: string, hint: string, parse: (text: string) => number | undefined): Parsed {
  return z.string(expected(what, hint)).transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: "custom", input: value, message: `is not ${what}; ${hint}` });
    return z.NEVER;
  });
}

/** A number; text of digits counts, since `${NAME}` always gives text. */
function numeric(what: string, hint: string): z.ZodPipe<z.ZodTransform, z.ZodNumber> {
  return z.preprocess(
    (value) => (typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value),
    z.number(expected(what, hint)),
  ) as z.ZodPipe<z.ZodTransform, z.ZodNumber>;
}

/** A whole number of at least 1. */
export function count(example: number): z.ZodType<number> {
  const hint = `write it like ${example}`;
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
  return numeric("a whole number", hint).refine(isCount, { error: `is not a whole number above 0; ${hint}` });
}

/** A number above 0, such as 0.5 of a processor. */
export function amount(example: number): z.ZodType<number> {
  const hint = `write it like ${example}`;
  return numeric("a number", hint).refine((value) => value > 0, {
    error: `is not a number above 0; ${hint}`,
  });
}

/** A price per month in the provider's currency, with at most two decimals. */
export function price(): z.ZodType<number> {
  const hint = "write it like 19.50";
  const isPrice = (value: number) => value >= 0 && Math.abs(value * 100 - Math.round(value * 100)) < 1e-6;
  return numeric("a price", hint).refine(isPrice, { error: `is not a price; ${hint}` });
}
