import type { Json } from "../model.ts";

/** One thing that is wrong in a request's body. */
export interface Finding {
  readonly path: readonly (string | number)[];
  /** Discord's code, `BASE_TYPE_MAX_LENGTH` for instance ("Discord, Error Messages"). */
  readonly code: string;
  readonly message: string;
}

export function finding(path: readonly (string | number)[], code: string, message: string): Finding {
  return { path, code, message };
}

/** `/data/components/0/label Must be 45 or fewer in length.` */
export function findingMessage({ path, message }: Finding): string {
  return `/${path.join("/")} ${message}`;
}

/** The `errors` of an answer 50035: one object a step, `_errors` at the end ("Discord, Error Messages"). */
export function nestFindings(findings: readonly Finding[]): Json {
  const root: Json = {};
  for (const { path, code, message } of findings) {
    let place = root;
    for (const step of path) {
      place[step] ??= {};
      place = place[step] as Json;
    }
    const errors = (place._errors ??= []) as Json[];
    errors.push({ code, message });
  }
  return root;
}
