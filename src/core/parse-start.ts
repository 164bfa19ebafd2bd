import { isTimeZone, momentOf, wallTime } from "./time-zone.ts";
import type { Refusal } from "./verdict.ts";

/** When a person wants a migration to start. */
export type Start =
  | { readonly kind: "now" }
  | { readonly kind: "window" }
  | { readonly kind: "at"; readonly at: Date };

interface Here {
  readonly now: Date;
  /** Of the person, where it is known. */
  readonly timeZone: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DATE =
  /^(\d{4})-(\d\d)-(\d\d)[t ]+(\d\d?):(\d\d)(?::([0-5]\d)(?:\.\d+)?)?\s*(z|[+-]\d\d:?\d\d|[a-z_]+(?:\/[a-z_+\-0-9]+)*)?$/i;
const CLOCK = /^(\d\d?):(\d\d)$/;

/**
 * Reads when a migration is to start: `now`, `window`, a delay such as `90m`, a time of day, or a date with a time and
 * perhaps a zone (`Z`, `+02:00`, `Europe/Paris`); without one it is the person's. Whether it is to come is not judged.
 */
export function parseStart(typed: string, here: Here): Start | Refusal {
  const text = typed.trim();
  const word = text.toLowerCase();
  if (word === "" || word === "now") return { kind: "now" };
  if (word === "window") return { kind: "window" };
  const [, count, unit = ""] = /^(\d{1,4})\s*([smhd])$/.exec(word) ?? [];
  if (count !== undefined)
    return { kind: "at", at: new Date(here.now.getTime() + Number(count) * (UNITS[unit] ?? 0)) };
  const at = timeOfDay(word, here) ?? dateAndTime(text, here);
  if (at === undefined) return notUnderstood(text);
  return "code" in at ? at : { kind: "at", at };
}

/** The next time that the person's clock shows this. */
function timeOfDay(word: string, { now, timeZone }: Here): Date | undefined {
  const [, hour, minute] = CLOCK.exec(word) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  const at = [0, 1, 2]
    .map((days) => wallTime(new Date(now.getTime() + days * 86_400_000), timeZone))
    .map((day) => momentOf({ ...day, hour: Number(hour), minute: Number(minute) }, timeZone));
  return at.find((candidate) => candidate !== undefined && candidate > now);
}

function dateAndTime(text: string, { timeZone }: Here): Date | Refusal | undefined {
  const [, year, month, day, hour, minute, second = "0", zone] = DATE.exec(text) ?? [];
  if (year === undefined) return undefined;
  const afterMinute = (moment: Date): Date => new Date(moment.getTime() + Number(second) * 1_000);
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  };
  const offset = offsetOf(zone);
  if (offset !== undefined) {
    const at = momentOf(wall, "UTC");
    return at && afterMinute(new Date(at.getTime() - offset * 60_000));
  }
  const place = zone ?? timeZone;
  if (!isTimeZone(place)) return unknownZone(place);
  const at = momentOf(wall, place);
  return at ? afterMinute(at) : skipped(text, place);
}

/** Minutes east of Greenwich; undefined for a zone with a name. */
function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  if (sign === undefined) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const HOW =
  "Write now, window, a delay such as 90m, a time such as 02:00, or a date with a time such as 2030-01-31 02:00 Europe/Paris.";

function notUnderstood(text: string): Refusal {
  return {
    code: "start-not-understood",
    field: "start",
    summary: `“${Array.from(text).slice(0, 60).join("")}” is no time at which a migration could start.`,
    remedy: HOW,
  };
}

function unknownZone(zone: string): Refusal {
  return {
    code: "unknown-time-zone",
    field: "start",
    summary: `There is no time zone “${Array.from(zone).slice(0, 40).join("")}”.`,
    remedy: "Write it like Europe/Paris, or as +02:00.",
  };
}

function skipped(text: string, zone: string): Refusal {
  return {
    code: "time-skipped",
    field: "start",
    summary: `There is no ${Array.from(text).slice(0, 60).join("")} in ${zone}: the clock is put forward then, or the date does not exist.`,
    remedy: "Pick another time.",
  };
}
