import type { z } from "zod";
import type { Problem } from "./problem.ts";
import type { KeyPath, YamlFile } from "./yaml-file.ts";

type Issue = z.core.$ZodIssue;

/** Keys whose values are never shown, not even when they are wrong. */
const SECRET_KEY = /url|password|token|secret|webhook/i;

/** Turns one finding of zod into problems: file and line, key path, the value as written, what would be right. */
export function explainIssue(issue: Issue, file: YamlFile): Problem[] {
  if (issue.code === "unrecognized_keys") return explainUnknownKeys(issue, file);
  if (file.isUnset(issue.path)) return [];
  const what = `${writePath(issue.path)}${showValue(issue, file)} ${issue.message}.`;
  return [{ where: file.locate(issue.path), what: tidy(what) }];
}

/** `record` writes one line per unknown key. An unknown key's value is not shown: it may be a mistyped password. */
function explainUnknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, file: YamlFile): Problem[] {
  const messages = issue.message.split("\n");
  return issue.keys.map((key, index) => {
    const path = [...issue.path, key];
    return {
      where: file.locate(path),
      what: tidy(`${writePath(path)} ${messages[index] ?? "is not a known key"}.`),
    };
  });
}

/** Writes a path as people point at it: `providers[0].plans[1].disk`. */
function writePath(path: KeyPath): string {
  const written = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return written.replace(/^\./, "") || "the file";
}

function showValue(issue: Issue, file: YamlFile): string {
  const value = file.writtenAt(issue.path);
  if (value === undefined || issue.message.startsWith("is missing")) return "";
  if (issue.path.some((key) => typeof key === "string" && SECRET_KEY.test(key))) return ": the value";
  if (value === null) return ": an empty value";
  return typeof value === "object" ? "" : `: ${JSON.stringify(value).replace(/^"(.*)"$/, "$1")}`;
}

function tidy(sentence: string): string {
  return sentence.replace(/([.?])\.$/, "$1");
}
