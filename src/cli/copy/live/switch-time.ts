import { BadInput } from "../../usage.ts";

/** When to switch: when a person says so, as soon as the target has caught up, or not before a moment. */
export type SwitchTime =
  | { readonly kind: "person" }
  | { readonly kind: "now" }
  | { readonly kind: "at"; readonly at: Date };

const CLOCK = /^(\d{1,2}):(\d{2})$/;
const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads `--switch-at`: `now`, a time of the clock such as `02:30`, which is the next such time, or a moment such as
 * `2030-01-31T02:30`; both in the local time zone unless the moment names its own. Throws `BadInput`.
 */
export function parseSwitchAt(text: string | undefined, now: Date): SwitchTime {
  if (text === undefined) return { kind: "person" };
  if (text === "now") return { kind: "now" };
  const at = nextTimeOfClock(text, now) ?? momentOf(text);
  if (at === undefined) {
    const hint = "write now, a time such as 02:30, or a moment such as 2030-01-31T02:30.";
    throw new BadInput(`--switch-at is no time: ${hint}`);
  }
  if (at <= now) throw new BadInput("--switch-at is a time in the past.");
  return { kind: "at", at };
}

function nextTimeOfClock(text: string, now: Date): Date | undefined {
  const [, hours, minutes] = CLOCK.exec(text)?.map(Number) ?? [];
  if (hours === undefined || minutes === undefined || hours > 23 || minutes > 59) return undefined;
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const today = new Date(year, month, day, hours, minutes);
  return today > now ? today : new Date(year, month, day + 1, hours, minutes);
}

function momentOf(text: string): Date | undefined {
  const [, year, month, day, hours, minutes, seconds] = MOMENT.exec(text) ?? [];
  const [dayOfMonth, lastDay] = [Number(day), new Date(Number(year), Number(month), 0).getDate()];
  // Date takes the 31st of February for the 3rd of March.
  const isDay = Number(month) >= 1 && Number(month) <= 12 && dayOfMonth >= 1 && dayOfMonth <= lastDay;
  const isTime = Number(hours) <= 23 && Number(minutes) <= 59 && Number(seconds ?? 0) <= 59;
  const at = new Date(text.replace(" ", "T").toUpperCase());
  return isDay && isTime && !Number.isNaN(at.getTime()) ? at : undefined;
}
