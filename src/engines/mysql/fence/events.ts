import { quoteDefiner } from "../definers.ts";
import type { Session } from "../session.ts";
import { qualified, quoteText } from "../sql.ts";

/** Names of the events that the server runs by itself. */
export async function readEnabledEvents(admin: Session, database: string): Promise<string[]> {
  const rows = await admin.rows<{ name: string }>(
    `SELECT EVENT_NAME AS name FROM information_schema.EVENTS
     WHERE EVENT_SCHEMA = ? AND STATUS = 'ENABLED' ORDER BY EVENT_NAME`,
    [database],
  );
  return rows.map(({ name }) => name);
}

interface EventContext {
  readonly definer: string;
  readonly mode: string;
  readonly zone: string;
  readonly charset: string;
  readonly collation: string;
}

/**
 * Sets whether events run. An ALTER would give an event to whoever runs it, with that session's settings, so it runs
 * with the event's own. An event that is gone stays so.
 */
export async function alterEvents(
  admin: Session,
  { database, names }: { readonly database: string; readonly names: readonly string[] },
  status: "ENABLE" | "DISABLE",
): Promise<void> {
  for (const name of names) {
    const [event] = await admin.rows<EventContext>(
      `SELECT DEFINER AS definer, SQL_MODE AS mode, TIME_ZONE AS zone, CHARACTER_SET_CLIENT AS charset,
         COLLATION_CONNECTION AS collation FROM information_schema.EVENTS
       WHERE EVENT_SCHEMA = ? AND EVENT_NAME = ?`,
      [database, name],
    );
    if (event === undefined) continue;
    await asItself(admin, event, () =>
      admin.run(
        `ALTER DEFINER = ${quoteDefiner(event.definer)} EVENT ${qualified(database, name)} ${status}`,
      ),
    );
  }
}

async function asItself(admin: Session, event: EventContext, work: () => Promise<unknown>): Promise<void> {
  await admin.run(
    `SET SESSION sql_mode = ${quoteText(event.mode)}, time_zone = ${quoteText(event.zone)},
       character_set_client = ${event.charset}, collation_connection = ${event.collation}`,
  );
  try {
    await work();
  } finally {
    await admin.run(
      `SET SESSION character_set_client = utf8mb4, collation_connection = utf8mb4_bin,
         sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'`,
    );
  }
}
