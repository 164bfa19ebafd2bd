import type { DatabaseAccess, DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { asAdmin, withSession } from "../session.ts";
import { notOfExtension, quoteName } from "../sql.ts";
import { makeOuterObjects, type OuterObject, ownership, withComment } from "./outer-objects.ts";

const NAME = "godwit copy";

const ENABLED = `CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END`;

/** Written from the catalogs, since it is made with the administrator's rights. */
const EVENT_TRIGGERS = `SELECT 'event trigger ' || e.evtname AS label,
    format('DROP EVENT TRIGGER IF EXISTS %1$I; CREATE EVENT TRIGGER %1$I ON %2$s%3$s EXECUTE FUNCTION %4$I.%5$I(); ALTER EVENT TRIGGER %1$I %6$s',
      e.evtname, e.evtevent, (SELECT format(' WHEN TAG IN (%s)', string_agg(quote_literal(t), ', ')) FROM unnest(e.evttags) t HAVING count(*) > 0),
      n.nspname, f.proname, ${ENABLED})
    || ${withComment("EVENT TRIGGER", "e.evtname", "obj_description(e.oid, 'pg_event_trigger')")} AS sql,
    ${ownership("e.evtowner", "superusers", "format('ALTER EVENT TRIGGER %I OWNER TO ', e.evtname)")} AS ownership
  FROM pg_event_trigger e JOIN pg_proc f ON f.oid = e.evtfoid JOIN pg_namespace n ON n.oid = f.pronamespace
  WHERE ${notOfExtension("pg_event_trigger", "e.oid")} ORDER BY e.evtname`;

/**
 * Makes the event triggers, after everything else that Godwit makes: they see the statements of others only,
 * refuse none of ours, and write no rows that the source does not have.
 */
export async function copyEventTriggers(pair: DatabasePair, call: EngineCall): Promise<void> {
  const { source } = pair;
  const login = asAdmin(source.server, source.database);
  const triggers = await withSession(login, { name: NAME, signal: call.signal }, async (admin) => {
    const { rows } = await admin.query<OuterObject>(EVENT_TRIGGERS);
    return rows;
  });
  await makeOuterObjects(pair, triggers, call);
}

/** Drops the event triggers of an earlier copy, before more is made. */
export async function dropEventTriggers(
  { server, database }: Pick<DatabaseAccess, "server" | "database">,
  signal: AbortSignal,
): Promise<void> {
  await withSession(asAdmin(server, database), { name: NAME, signal }, async (admin) => {
    const { rows } = await admin.query<{ name: string }>(
      `SELECT evtname AS name FROM pg_event_trigger e WHERE ${notOfExtension("pg_event_trigger", "e.oid")}`,
    );
    const names = rows.map(({ name }) => quoteName(name));
    if (names.length > 0) await admin.query(names.map((name) => `DROP EVENT TRIGGER ${name}`).join("; "));
  });
}
