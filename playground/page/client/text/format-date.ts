export interface DateContext {
  readonly now: Date;
  /** The browser's own when left out. */
  readonly locale?: string;
  readonly timeZone?: string;
}

type Style = Intl.DateTimeFormatOptions;

const styles: Readonly<Record<string, Style>> = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** A text with date tokens, in the reader's own zone; the tokens are Slack's (Slack: formatting text, date formatting). */
export function formatDate(format: string, timestamp: number, context: DateContext): string {
  const date = new Date(timestamp * 1000);
  if (Number.isNaN(date.getTime())) return "";
  return format.replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) => {
    if (name === "ago") return ago(date, context.now);
    const base = name.replace("_pretty", "");
    const style = styles[base];
    if (!style) return whole;
    const near = name.endsWith("_pretty") ? nearDay(date, context) : undefined;
    return near ?? inStyle(date, style, context);
  });
}

/** Such as `14:02`, in the reader's own way. */
export function clockTime(date: Date, context: Partial<DateContext> = {}): string {
  return inStyle(date, { hour: "numeric", minute: "2-digit" }, context);
}

/** `Today`, `Yesterday`, or the day's name with its date. */
export function dayName(date: Date, context: DateContext): string {
  const near = nearDay(date, context);
  if (near !== undefined) return near.charAt(0).toUpperCase() + near.slice(1);
  return inStyle(date, { weekday: "long", month: "long", day: "numeric" }, context);
}

/** Such as `today at 14:02`, for the footer of a thread. */
export function dayAndTime(date: Date, context: DateContext): string {
  const day = nearDay(date, context) ?? inStyle(date, { month: "short", day: "numeric" }, context);
  return `${day} at ${clockTime(date, context)}`;
}

export function fullDate(date: Date): string {
  return inStyle(date, { dateStyle: "full", timeStyle: "medium" }, {});
}

function inStyle(date: Date, style: Style, { locale, timeZone }: Partial<DateContext>): string {
  return new Intl.DateTimeFormat(locale, {
    ...style,
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(date);
}

function nearDay(date: Date, context: DateContext): string | undefined {
  const dayMs = 24 * 60 * 60 * 1000;
  const day = dayKey(date, context);
  if (day === dayKey(context.now, context)) return "today";
  if (day === dayKey(new Date(context.now.getTime() - dayMs), context)) return "yesterday";
  return day === dayKey(new Date(context.now.getTime() + dayMs), context) ? "tomorrow" : undefined;
}

function dayKey(date: Date, { timeZone }: DateContext): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Intl.DateTimeFormat("en-CA", { dateStyle: "short", ...zone }).format(date);
}

function ago(date: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - date.getTime()) / 1000);
  const amount = duration(Math.abs(seconds));
  return seconds < 0 ? `in ${amount}` : `${amount} ago`;
}

function duration(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  if (seconds < 3600) return plural(Math.round(seconds / 60), "minute");
  if (seconds < 86_400) return plural(Math.round(seconds / 3600), "hour");
  return plural(Math.round(seconds / 86_400), "day");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
