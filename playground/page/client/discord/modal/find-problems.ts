import type { OpenModal } from "../../../../discord/index.ts";
import { type Entered, type Field, fieldsOf, isRequired, leastOf, mostOf, toList } from "./form-field.ts";

/** What keeps a form from being sent, by custom_id; empty when nothing does. */
export function findProblems(
  modal: OpenModal,
  values: Readonly<Record<string, Entered>>,
): Record<string, string> {
  const problems = fieldsOf(modal).map(({ field }): [string, string] => [
    field.custom_id,
    problemOf(field, values[field.custom_id]),
  ]);
  return Object.fromEntries(problems.filter(([, problem]) => problem !== ""));
}

/** Empty when there is none. */
function problemOf(field: Field, value: Entered | undefined): string {
  const count = toList(value).length;
  if (count === 0) return isRequired(field) ? "This field is required." : "";
  const [least, most] = [leastOf(field), mostOf(field)];
  if (field.type === 4) {
    return String(value).length < least ? `Must be at least ${least} characters long.` : "";
  }
  if (count < least) return `Choose at least ${least}.`;
  return count > most ? `Choose no more than ${most}.` : "";
}

/** Whether the server takes the value as it is; an unfinished choice of several is kept here until it is. */
export function isFinished(field: Field, value: Entered): boolean {
  const count = toList(value).length;
  return field.type === 4 || count === 0 || (count >= leastOf(field) && count <= mostOf(field));
}
