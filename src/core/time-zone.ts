/** A moment as a clock on a wall shows it. */
export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a name such as `Europe/Paris` is a time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What a clock in a zone shows at a moment. */
export function wallTime(at: Date, timeZone: string): WallTime {
  const parts = formatOf(timeZone).formatToParts(at);
  const number = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  return {
    year: number("year"),
    month: number("month"),
    day: number("day"),
    hour: number("hour"),
    minute: number("minute"),
  };
}

/**
 * The moment at which a clock in a zone shows a time: the first of two when the clock was put back; undefined for a
 * time that the clock skips, or that is no time at all.
 */
export function momentOf(wall: WallTime, timeZone: string): Date | undefined {
  const asUtc = utcOf(wall);
  const guesses = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => asUtc - offsetMs(near, timeZone));
  const fitting = guesses.filter((ms) => utcOf(wallTime(new Date(ms), timeZone)) === asUtc && isReal(wall));
  return fitting.length === 0 ? undefined : new Date(Math.min(...fitting));
}

/** As `momentOf`; for a time that the clock skips, as long after the change as it would be without one. */
export function momentOrAfter(wall: WallTime, timeZone: string): Date {
  const asUtc = utcOf(wall);
  return momentOf(wall, timeZone) ?? new Date(asUtc - offsetMs(asUtc - DAY_MS, timeZone));
}

/** A day later or earlier, at the same time. */
export function addDays(wall: WallTime, days: number): WallTime {
  const date = new Date(utcOf({ ...wall, hour: 0, minute: 0 }) + days * DAY_MS);
  return { ...wall, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf(wall: WallTime): number {
  return new Date(utcOf(wall)).getUTCDay();
}

function offsetMs(ms: number, timeZone: string): number {
  const whole = Math.floor(ms / 60_000) * 60_000;
  return utcOf(wallTime(new Date(whole), timeZone)) - whole;
}

function isReal(wall: WallTime): boolean {
  const date = new Date(utcOf(wall));
  return (
    date.getUTCMonth() + 1 === wall.month &&
    date.getUTCDate() === wall.day &&
    wall.hour <= 23 &&
    wall.minute <= 59
  );
}

function utcOf({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
  formats.set(timeZone, format);
  return format;
}
