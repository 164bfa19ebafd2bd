import type { VNode } from "preact";
import { useDirectory } from "../../store/context.ts";
import { clockTime, dayName, fullDate } from "../../text/format-date.ts";

/** A name in the colour of its highest role; an app is marked as one. */
export function Author({ userId }: { userId: string }): VNode {
  const person = useDirectory().users.get(userId);
  return (
    <>
      <span class="dc-author" style={person?.color ? { color: person.color } : undefined}>
        {person?.displayName ?? "Deleted User"}
      </span>
      {person?.isBot === true && <span class="dc-app-mark">APP</span>}
    </>
  );
}

/** `14:02` today, with the day before that. */
export function TimeOf({ date }: { date: Date }): VNode {
  const day = dayName(date, { now: new Date() });
  return (
    <time class="dc-time" dateTime={date.toISOString()} title={fullDate(date)}>
      {day === "Today" ? clockTime(date) : `${day} at ${clockTime(date)}`}
    </time>
  );
}
