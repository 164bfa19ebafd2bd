import type { DatabaseAccess, EngineCall } from "../../core/ports/engine.ts";
import { alterEvents } from "./fence/events.ts";
import { asAdmin, withSession } from "./session.ts";
import { inChunks, qualified } from "./sql.ts";

const TABLES_PER_STATEMENT = 20;

/** Lets events run that waited for the switch, and gathers what the planner needs to know of the new tables. */
export async function finish(target: DatabaseAccess, call: EngineCall): Promise<void> {
  const { database, server } = target;
  await withSession(asAdmin(server), { signal: call.signal }, async (admin) => {
    const asleep = await admin.rows<{ name: string }>(
      `SELECT EVENT_NAME AS name FROM information_schema.EVENTS
       WHERE EVENT_SCHEMA = ? AND STATUS NOT IN ('ENABLED', 'DISABLED')`,
      [database],
    );
    await alterEvents(admin, { database, names: asleep.map(({ name }) => name) }, "ENABLE");
    const tables = await admin.rows<{ name: string }>(
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
      [database],
    );
    const names = tables.map(({ name }) => qualified(database, name));
    let done = 0;
    for (const chunk of inChunks(names, TABLES_PER_STATEMENT)) {
      await admin.rows(`ANALYZE NO_WRITE_TO_BINLOG TABLE ${chunk.join(", ")}`);
      done += chunk.length;
      call.report({ label: `gathering statistics (${done} of ${names.length} tables)` });
    }
  });
}
