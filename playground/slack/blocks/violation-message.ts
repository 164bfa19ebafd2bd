import type { z } from "zod";

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** Slack's own wording of a refused field: `[ERROR] what [json-pointer:/where]`. */
export function violationMessage(fault: Fault): string {
  return `[ERROR] ${fault.message} [json-pointer:${fault.pointer}]`;
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Flattens zod's issues into faults below `base`; a union contributes the branch that came closest. */
export function faultsOf(error: z.ZodError, base: string): Fault[] {
  return error.issues.flatMap((issue) => issueFaults(issue, base));
}

function issueFaults(issue: z.core.$ZodIssue, base: string): Fault[] {
  const pointer = base + pointerTo(issue.path);
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const closest = [...issue.errors].sort((left, right) => left.length - right.length)[0] ?? [];
    return closest.flatMap((inner) => issueFaults(inner, pointer));
  }
  return [{ pointer, message: issue.message }];
}
