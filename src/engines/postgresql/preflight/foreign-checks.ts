import { isUserSchema, notOfExtension } from "../sql.ts";
import { type Check, findNames, nameCheck } from "./check.ts";

/** Of roles that the new server lacks; and of all where nobody may see the passwords. */
const LEFT_MAPPINGS = `SELECT format('%s at %s', coalesce(m.usename, 'PUBLIC'), m.srvname) AS name FROM pg_user_mappings m
  WHERE current_setting('is_superuser') = 'off' OR m.umuser <> 0 AND m.usename <> ALL ($1::name[])`;

const userMappings: Check = async ({ source, target, input }) => {
  const roles = (await target.query<{ name: string }>("SELECT rolname AS name FROM pg_roles")).rows;
  const known = [...roles.map(({ name }) => name), input.source.username];
  const { rows } = await source.query<{ name: string }>(LEFT_MAPPINGS, [known]);
  return findNames(
    rows.map(({ name }) => name),
    {
      check: "user-mappings",
      level: "warning",
      summary: (names) => `Users and passwords for other servers are not carried over: ${names}.`,
      remedy: "Create the roles and their user mappings again on the new database.",
    },
  );
};

/** Checks of what leads from the database to other servers. */
export const foreignChecks: readonly Check[] = [
  nameCheck({
    check: "foreign-tables",
    level: "info",
    query: `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'f' AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`,
    summary: (names) => `Tables of other servers stay linked in; their rows stay where they are: ${names}.`,
  }),
  nameCheck({
    check: "foreign-servers",
    level: "warning",
    query: "SELECT srvname AS name FROM pg_foreign_server",
    summary: (names) =>
      `Links to other servers are carried over, and are of use only if the new server can reach them: ${names}.`,
    remedy: "Make sure that those servers let the new one in.",
  }),
  userMappings,
];
