import { redact } from "../../core/redact.ts";
import type { PlatformStep } from "./api/schemas.ts";

/** Characters. */
const LIMIT = 300;
/** What PostgreSQL quotes of rows stands in the detail ("Error Message Style Guide"), such as `Key (email)=(a@b) …`. */
const DETAIL = /\s*\bDETAIL:.*$/i;
const ROW = /\bKey \(.*\)=\(.*\)/gi;

/** What the platform says of a step, fit for a thread: its first line, without anyone's data; empty when it says nothing. */
export function wordsOf({ message }: Pick<PlatformStep, "message">): string {
  const [line = ""] = (message ?? "").trim().split(/[\r\n]/u, 1);
  const told = redact(line).replace(DETAIL, "").replace(ROW, "a key");
  const characters = Array.from(told);
  return characters.length <= LIMIT ? told : `${characters.slice(0, LIMIT - 1).join("")}…`;
}
