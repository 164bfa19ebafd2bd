import { describe, expect, it } from "vitest";
import { type MaintenanceWindow, nextOpening } from "../../src/core/maintenance.ts";
import { parseStart } from "../../src/core/parse-start.ts";
import { isTimeZone, momentOf, wallTime } from "../../src/core/time-zone.ts";

const PARIS = "Europe/Paris";
const now = new Date("2026-11-30T20:00:00Z");
const start = (text: string, timeZone = PARIS, at = now) => parseStart(text, { now: at, timeZone });
const iso = (text: string, timeZone?: string, at?: Date) => {
  const found = start(text, timeZone, at);
  return "at" in found ? found.at.toISOString() : found;
};

describe("a time that a person types", () => {
  it.each([
    ["2026-12-06 02:00", "2026-12-06T01:00:00.000Z"],
    ["2026-12-06T02:00", "2026-12-06T01:00:00.000Z"],
    ["2026-07-06 02:00", "2026-07-06T00:00:00.000Z"],
    ["2026-12-06 02:00 America/New_York", "2026-12-06T07:00:00.000Z"],
    ["2026-12-06T02:00:00.000Z", "2026-12-06T02:00:00.000Z"],
    ["2026-12-06T02:00:45.000Z", "2026-12-06T02:00:45.000Z"],
    ["2026-12-06 02:00:45", "2026-12-06T01:00:45.000Z"],
    ["2026-12-06T02:00+05:30", "2026-12-05T20:30:00.000Z"],
    ["90m", "2026-11-30T21:30:00.000Z"],
    ["02:00", "2026-12-01T01:00:00.000Z"],
    ["22:00", "2026-11-30T21:00:00.000Z"],
  ])("%s in Paris is %s", (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([["now"], [""], ["window"]])("%s is no time of its own", (text) => {
    expect(start(text)).toEqual({ kind: text || "now" });
  });

  it.each([
    ["yesterday", "start-not-understood"],
    ["2026-13-01 02:00", "time-skipped"],
    ["2026-02-30 02:00", "time-skipped"],
    ["2026-12-06 02:00 Mars/Base", "unknown-time-zone"],
    ["25:00", "start-not-understood"],
    ["2026-12-06 02:00; DROP TABLE x", "start-not-understood"],
  ])("%s is refused (%s)", (text, code) => {
    expect(start(text)).toMatchObject({ code, field: "start" });
  });
});

describe("the changes of Europe/Paris", () => {
  it("a time that the clock skips in March is refused, and those around it are an hour apart", () => {
    expect(start("2027-03-28 02:30")).toMatchObject({ code: "time-skipped" });
    expect(iso("2027-03-28 01:59")).toBe("2027-03-28T00:59:00.000Z");
    expect(iso("2027-03-28 03:00")).toBe("2027-03-28T01:00:00.000Z");
  });

  it("a time that comes twice in October is the first, and the one after it is two hours later", () => {
    expect(iso("2027-10-31 02:30")).toBe("2027-10-31T00:30:00.000Z");
    expect(iso("2027-10-31 01:59")).toBe("2027-10-30T23:59:00.000Z");
    expect(iso("2027-10-31 03:00")).toBe("2027-10-31T02:00:00.000Z");
  });

  it("a time of day is tomorrow's by the wall clock, over both changes", () => {
    expect(iso("12:00", PARIS, new Date("2027-03-27T12:00:00Z"))).toBe("2027-03-28T10:00:00.000Z");
    expect(iso("12:00", PARIS, new Date("2027-10-30T12:00:00Z"))).toBe("2027-10-31T11:00:00.000Z");
  });

  it("every minute of both days reads back as itself", () => {
    for (const day of ["2027-03-28", "2027-10-31"])
      for (let minute = 0; minute < 1440; minute += 7) {
        const at = new Date(new Date(`${day}T00:00:00Z`).getTime() + minute * 60_000);
        const back = momentOf(wallTime(at, PARIS), PARIS);
        const isSecond = day === "2027-10-31" && minute >= 60 && minute < 120;
        expect(back?.getTime(), at.toISOString()).toBe(at.getTime() - (isSecond ? 3_600_000 : 0));
      }
  });
});

describe("a maintenance window", () => {
  const sundays: MaintenanceWindow = { days: ["sun"], from: "02:00", to: "05:00", timeZone: PARIS };
  const opening = (window: MaintenanceWindow, at: string) => {
    const { opensAt, closesAt } = nextOpening(window, new Date(at));
    return [opensAt.toISOString(), closesAt.toISOString()];
  };

  it("opens next at its day and time in its own zone", () => {
    expect(opening(sundays, "2026-11-30T20:00:00Z")).toEqual([
      "2026-12-06T01:00:00.000Z",
      "2026-12-06T04:00:00.000Z",
    ]);
  });

  it("that is open now is taken while enough of it is left", () => {
    expect(opening(sundays, "2026-12-06T03:00:00Z")[0]).toBe("2026-12-06T01:00:00.000Z");
    expect(opening(sundays, "2026-12-06T03:50:00Z")[0]).toBe("2026-12-13T01:00:00.000Z");
  });

  it("over midnight belongs to the day on which it opens", () => {
    const nights = { ...sundays, from: "23:00", to: "01:00" };
    expect(opening(nights, "2026-12-06T23:30:00Z")).toEqual([
      "2026-12-06T22:00:00.000Z",
      "2026-12-07T00:00:00.000Z",
    ]);
  });

  it("opens after the hour that is skipped in March, and is an hour longer in October", () => {
    expect(opening(sundays, "2027-03-27T12:00:00Z")).toEqual([
      "2027-03-28T01:00:00.000Z",
      "2027-03-28T03:00:00.000Z",
    ]);
    expect(opening(sundays, "2027-10-30T12:00:00Z")).toEqual([
      "2027-10-31T00:00:00.000Z",
      "2027-10-31T04:00:00.000Z",
    ]);
  });
});

it("knows which zones there are", () => {
  expect(["Europe/Paris", "UTC", "Asia/Kolkata"].map(isTimeZone)).toEqual([true, true, true]);
  expect(["Mars/Base", ""].map(isTimeZone)).toEqual([false, false]);
});
