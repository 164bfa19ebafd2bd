import { parseDefiner } from "../definers.ts";
import { readLooseRoutines } from "../fence/plan-fence.ts";
import { readOtherUsers } from "../inspect.ts";
import { readAboveRights, readPatterns } from "../rights.ts";
import { asAdmin, type Session } from "../session.ts";
import { quoteAccount } from "../sql.ts";
import { type Check, findNames } from "./check.ts";

async function readDefiners(source: Session, database: string): Promise<string[]> {
  const rows = await source.rows<{ definer: string }>(
    `SELECT DEFINER AS definer FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
     UNION SELECT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?
     UNION SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
     UNION SELECT DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`,
    [database, database, database, database],
  );
  return rows.map(({ definer }) => definer);
}

async function accountsOf(session: Session): Promise<Set<string>> {
  const rows = await session.rows<{ user: string; host: string }>(
    "SELECT User AS user, Host AS host FROM mysql.user",
  );
  return new Set(rows.map(({ user, host }) => quoteAccount({ user, host: host === "" ? null : host })));
}

const definers: Check = async ({ source, target, database, input }) => {
  const known = await accountsOf(target);
  const above = new Set((await readAboveRights(target)).map(quoteAccount));
  const lost = (await readDefiners(source, database)).filter((definer) => {
    const account = quoteAccount(parseDefiner(definer));
    return (
      parseDefiner(definer).user !== input.source.username && (!known.has(account) || above.has(account))
    );
  });
  return findNames(lost, {
    check: "definers",
    level: "warning",
    summary: (names) =>
      `Views, routines, triggers or events run as ${names}, whom the new server does not know or who may do everything there. They run as the application's new user.`,
    remedy:
      "Check that the application's user may do what they do, or make these users on the new server first.",
  });
};

/** Where rights stop writers, somebody above all rights can only be made to wait. */
const aboveRights: Check = async ({ source, database, input }) => {
  if (source.flavour.fencedBy === "schema") return [];
  const admin = asAdmin(input.source.server).user;
  const above = (await readAboveRights(source)).map(({ user }) => user).filter((user) => user !== admin);
  const isApplication = above.includes(input.source.username);
  const others = above.filter((user) => user !== input.source.username);
  return [
    ...findNames(isApplication ? [input.source.username] : [], {
      check: "application-above-rights",
      level: "blocker",
      summary: (names) =>
        `The application's user ${names} may write to every database, so its writes would hang instead of being refused.`,
      remedy: `Give it its rights on ${database} alone.`,
    }),
    ...findNames(others, {
      check: "others-above-rights",
      level: "warning",
      summary: (names) =>
        `${names} may write to every database. While this one is read-only their writes to it wait.`,
      remedy: "Stop what works as these users during the migration.",
    }),
  ];
};

const patterns: Check = async ({ source, database }) => {
  if (source.flavour.fencedBy === "schema") return [];
  const found = await readPatterns(source, database);
  return findNames(
    found.map(({ user, database: pattern }) => `${user} on ${pattern}`),
    {
      check: "rights-by-pattern",
      level: "blocker",
      summary: (names) =>
        `Rights of ${names} are granted by a pattern that other databases match too, so they cannot be taken for this one alone.`,
      remedy: "Grant these rights on each database by its name.",
    },
  );
};

const looseRoutines: Check = async ({ source, database }) => {
  if (source.flavour.fencedBy === "schema") return [];
  return findNames(await readLooseRoutines(source, database), {
    check: "routines-above-rights",
    level: "warning",
    summary: (names) =>
      `${names} run as somebody who may write everywhere. While the database is read-only nobody may call its routines.`,
    remedy: "Make these routines SQL SECURITY INVOKER if the application needs them meanwhile.",
  });
};

const plugins: Check = async ({ source, input }) => {
  if (source.flavour.product !== "MySQL") return [];
  const rows = await source.rows<{ name: string }>(
    "SELECT plugin AS name FROM mysql.user WHERE User = ? AND plugin <> 'caching_sha2_password'",
    [input.source.username],
  );
  return findNames(
    rows.map(({ name }) => name),
    {
      check: "authentication",
      level: "warning",
      summary: (names) => `The application logs in by ${names}; its new user does by caching_sha2_password.`,
      remedy: "Check that the application's driver knows caching_sha2_password; drivers since 2018 do.",
    },
  );
};

const otherUsers: Check = async ({ source, input }) =>
  findNames(await readOtherUsers(source, input.source), {
    check: "other-users",
    level: "warning",
    summary: (names) => `The users ${names} hold rights on the database and are not carried over.`,
    remedy: "Make them on the new server after the migration, where they are still needed.",
  });

/** Checks of who may do what. */
export const accountChecks: readonly Check[] = [
  definers,
  aboveRights,
  patterns,
  looseRoutines,
  plugins,
  otherUsers,
];
