import { addDays, momentOrAfter, type WallTime, wallTime, weekdayOf } from "./time-zone.ts";

export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When an add-on may be touched, each week. `to` at or before `from` is on the next day. */
export interface MaintenanceWindow {
  readonly days: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
  /** Such as `Europe/Paris`. */
  readonly timeZone: string;
}

/** One time that a window is open. */
export interface Opening {
  readonly opensAt: Date;
  readonly closesAt: Date;
}

/** What is left of an opening must be worth beginning in. */
export const LEAST_MS = 15 * 60_000;

/** The opening that goes on now, or else the next one. */
export function nextOpening(window: MaintenanceWindow, now: Date): Opening {
  const today = wallTime(now, window.timeZone);
  const days = Array.from({ length: 9 }, (_, index) => addDays(today, index - 1));
  const openings = days
    .filter((day) => window.days.includes(WEEKDAYS[weekdayOf(day)] ?? "sun"))
    .map((day) => openingOn(day, window));
  const next = openings.find(({ closesAt }) => closesAt.getTime() - now.getTime() >= LEAST_MS);
  if (!next) throw new Error(`looking for the next opening of a window on ${window.days.join(", ")}: none`);
  return next;
}

function openingOn(day: WallTime, { from, to, timeZone }: MaintenanceWindow): Opening {
  const isOvernight = to <= from;
  return {
    opensAt: momentOrAfter(at(day, from), timeZone),
    closesAt: momentOrAfter(at(isOvernight ? addDays(day, 1) : day, to), timeZone),
  };
}

function at(day: WallTime, time: string): WallTime {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return { ...day, hour, minute };
}
