import { z } from "zod";
import { type MaintenanceWindow, WEEKDAYS } from "../core/maintenance.ts";
import { isTimeZone } from "../core/time-zone.ts";
import { record, text } from "./fields.ts";

/** The name of a time zone, such as `Europe/Paris`. */
export function timeZone(): z.ZodType<string> {
  return text("Europe/Paris").refine(isTimeZone, {
    error: "is not a time zone; write it like Europe/Paris",
  });
}

function timeOfDay(example: string): z.ZodString {
  return text(example).regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
    error: `is not a time of day; write it like "${example}", in quotes`,
  });
}

const hint = "write some of sun, mon, tue, wed, thu, fri and sat";

/** When an add-on may be touched, each week. */
export const maintenanceSchema: z.ZodType<MaintenanceWindow> = record({
  days: z
    .array(z.enum(WEEKDAYS, { error: `is not a day; ${hint}` }), { error: `is not a list of days; ${hint}` })
    .min(1, { error: `is empty; ${hint}` }),
  from: timeOfDay("02:00"),
  to: timeOfDay("05:00"),
  timezone: timeZone(),
}).transform(({ timezone, ...rest }): MaintenanceWindow => ({ ...rest, timeZone: timezone }));
