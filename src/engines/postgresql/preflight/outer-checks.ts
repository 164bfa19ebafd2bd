import { notOfExtension } from "../sql.ts";
import { type Check, type NameCheck, nameCheck } from "./check.ts";

const NO_SUPERUSER = "Godwit's administrator on the new server is no superuser.";

/** Those with schemas are in a catalog that version 14 lacks: there the query finds nothing. */
const OUTER_PUBLICATIONS = `SELECT p.pubname AS name FROM pg_publication p WHERE p.pubname !~ '^godwit_' AND (p.puballtables
  OR EXISTS (SELECT FROM pg_depend s WHERE s.classid = to_regclass('pg_publication_namespace')
    AND s.refclassid = 'pg_publication'::regclass AND s.refobjid = p.oid))`;

type Said = Pick<NameCheck, "level" | "summary" | "remedy">;

/** A check of what only a superuser can make on the new server. */
function superusersCheck(
  check: string,
  query: string,
  { carried, left }: { readonly carried: Said | null; readonly left: Said },
): Check {
  return async (context) => {
    const { rows } = await context.target.query<{ is_superuser: string }>("SHOW is_superuser");
    const said = rows[0]?.is_superuser === "on" ? carried : left;
    return said === null ? [] : nameCheck({ check, query, ...said })(context);
  };
}

/** Checks of event triggers and publications. */
export const outerChecks: readonly Check[] = [
  superusersCheck(
    "event-triggers",
    `SELECT evtname AS name FROM pg_event_trigger e WHERE ${notOfExtension("pg_event_trigger", "e.oid")}`,
    {
      carried: {
        level: "info",
        summary: (names) =>
          `Event triggers are carried over, and begin to fire when the copy is complete: ${names}.`,
      },
      left: {
        level: "warning",
        summary: (names) => `Event triggers are not carried over: ${names}. ${NO_SUPERUSER}`,
        remedy: "Ask support to create them again on the new database.",
      },
    },
  ),
  nameCheck({
    check: "login-triggers",
    level: "warning",
    query: `SELECT evtname AS name FROM pg_event_trigger WHERE evtevent = 'login' AND evtenabled <> 'D'`,
    summary: (names) =>
      `Triggers on logins also run for Godwit's sessions, and while the database is read-only: ${names}. If they write, the migration is undone.`,
    remedy: "Disable them before the migration, and enable them on the new database afterwards.",
  }),
  nameCheck({
    check: "publications",
    level: "warning",
    query: "SELECT pubname AS name FROM pg_publication WHERE pubname !~ '^godwit_'",
    summary: (names) =>
      `Publications are carried over, but what subscribes to them stays with the old server: ${names}.`,
    remedy: "Let those who subscribe to them subscribe anew, to the new database.",
  }),
  superusersCheck("outer-publications", OUTER_PUBLICATIONS, {
    carried: null,
    left: {
      level: "warning",
      summary: (names) =>
        `Publications of all tables, or of all in a schema, are not carried over: ${names}. ${NO_SUPERUSER}`,
      remedy: "Ask support to create them again on the new database.",
    },
  }),
];
