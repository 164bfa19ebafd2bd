import { z } from "zod";
import { type Finding, finding } from "./finding.ts";

type Path = readonly (string | number)[];

/** discord.js adds these to every message; Discord takes no notice where they do not belong (observed, 14.28). */
const ignoredEverywhere: ReadonlySet<string> = new Set(["enforce_nonce", "nonce", "tts"]);
/** Documented, and missing in the schema ("Discord, Application Command Object"). */
const missingInSchema: ReadonlySet<string> = new Set(["nsfw"]);

/** What Discord's schema says against a body, unknown properties included. */
export function checkSchema(schema: z.core.$ZodType, body: unknown): Finding[] {
  const parsed = z.safeParse(schema, body);
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => explain(issue, []));
  return unknownProperties(body, parsed.data, []);
}

function explain(issue: z.core.$ZodIssue, above: Path): Finding[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
  switch (issue.code) {
    case "invalid_union":
      return explainUnion(issue, path);
    case "too_big":
      return [tooBig(issue, path)];
    case "too_small":
      return [tooSmall(issue, path)];
    case "invalid_value":
      return [finding(path, "BASE_TYPE_CHOICES", `Value must be one of (${issue.values.join(", ")}).`)];
    case "invalid_type":
      return issue.input === undefined && issue.message.includes("undefined")
        ? [finding(path, "BASE_TYPE_REQUIRED", "This field is required")]
        : [finding(path, "BASE_TYPE_BAD_TYPE", `Must be of type ${issue.expected}.`)];
    default:
      return [finding(path, "BASE_TYPE_INVALID", issue.message)];
  }
}

/** Components are told apart by `type`: the only alternative that agrees on it says what is wrong. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): Finding[] {
  const near = issue.errors.filter(
    (issues) => !issues.some((inner) => inner.path.length === 1 && inner.path[0] === "type"),
  );
  const [only] = near;
  if (only && near.length === 1) return only.flatMap((inner) => explain(inner, path));
  return [finding([...path, "type"], "UNION_TYPE_CHOICES", 'Value of field "type" is not allowed here.')];
}

function tooBig(issue: z.core.$ZodIssueTooBig, path: Path): Finding {
  const isNumber = issue.origin === "number" || issue.origin === "int";
  return isNumber
    ? finding(path, "NUMBER_TYPE_MAX", `Value should be less than or equal to ${issue.maximum}.`)
    : finding(path, "BASE_TYPE_MAX_LENGTH", `Must be ${issue.maximum} or fewer in length.`);
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, path: Path): Finding {
  const isNumber = issue.origin === "number" || issue.origin === "int";
  return isNumber
    ? finding(path, "NUMBER_TYPE_MIN", `Value should be greater than or equal to ${issue.minimum}.`)
    : finding(path, "BASE_TYPE_MIN_LENGTH", `Must be ${issue.minimum} or more in length.`);
}

/** The schema drops what it does not know: what is missing afterwards was unknown. */
function unknownProperties(input: unknown, output: unknown, path: Path): Finding[] {
  if (Array.isArray(input) && Array.isArray(output)) {
    return input.flatMap((item: unknown, index) => unknownProperties(item, output[index], [...path, index]));
  }
  if (!isObject(input) || !isObject(output)) return [];
  return Object.entries(input).flatMap(([key, value]) => {
    if (key in output) return unknownProperties(value, output[key], [...path, key]);
    if (missingInSchema.has(key) || (isTop(path) && ignoredEverywhere.has(key))) return [];
    return [finding([...path, key], "UNKNOWN_PROPERTY", "is no property of this object")];
  });
}

/** The message itself, or the message inside an interaction callback. */
function isTop(path: Path): boolean {
  return path.length === 0 || (path.length === 1 && path[0] === "data");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
