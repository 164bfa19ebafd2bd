import { readOtherUsers } from "../inspect.ts";
import { splitSetting } from "../settings.ts";
import { isUserSchema, notOfExtension, notOfType } from "../sql.ts";
import { type Check, type CheckContext, findNames, nameCheck } from "./check.ts";

/** Rights to write that a role has itself, by what it is a member of, or by PUBLIC. */
const WRITERS = `SELECT DISTINCT u.rolname AS name FROM pg_roles u
  JOIN (SELECT e.grantee FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) e
      WHERE c.relkind IN ('r', 'p', 'v') AND ${isUserSchema("n.nspname")}
        AND e.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
    UNION SELECT e.grantee FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) e
      WHERE e.privilege_type IN ('INSERT', 'UPDATE')) g
    ON g.grantee = 0 OR g.grantee = u.oid OR pg_has_role(u.oid, nullif(g.grantee, 0), 'MEMBER')
  WHERE u.rolname = ANY ($1::name[])`;

const otherUsers: Check = async ({ source, input }) => {
  const names = await readOtherUsers(source, input.source.username);
  const { rows } = await source.query<{ name: string }>(WRITERS, [names]);
  const writers = new Set(rows.map(({ name }) => name));
  const remedy = "Ask support to create them again on the new database.";
  return [
    ...findNames(
      names.filter((name) => writers.has(name)),
      {
        check: "other-users",
        level: "warning",
        summary: (shown) => `Other users can write to this database and are not carried over: ${shown}.`,
        remedy,
      },
    ),
    ...findNames(
      names.filter((name) => !writers.has(name)),
      {
        check: "read-only-users",
        level: "info",
        summary: (shown) => `Users who may only read are not carried over: ${shown}.`,
        remedy,
      },
    ),
  ];
};

async function rolesOf(side: CheckContext["target"]): Promise<string[]> {
  return (await side.query<{ name: string }>("SELECT rolname AS name FROM pg_roles")).rows.map(
    ({ name }) => name,
  );
}

/** Roles that cannot log in and hold rights here, and policies for roles that the target lacks. */
const missingRoles: Check = async ({ source, target, input }) => {
  const known = [...(await rolesOf(target)), input.source.username];
  const grants = await source.query<{ name: string }>(
    `SELECT DISTINCT r.rolname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN aclexplode(c.relacl) e
     JOIN pg_roles r ON r.oid = e.grantee
     WHERE NOT r.rolcanlogin AND NOT r.rolsuper AND r.rolname <> ALL ($1::name[]) AND ${isUserSchema("n.nspname")}`,
    [known],
  );
  const policies = await source.query<{ name: string }>(
    `SELECT format('%s on %s', p.polname, p.polrelid::regclass) AS name FROM pg_policy p
     WHERE NOT 0 = ANY (p.polroles) AND NOT EXISTS (SELECT FROM pg_roles r
       WHERE r.oid = ANY (p.polroles) AND r.rolname = ANY ($1::name[]))`,
    [known],
  );
  return [
    ...findNames(
      grants.rows.map(({ name }) => name),
      {
        check: "grants",
        level: "info",
        summary: (names) => `Rights of roles that the new server does not have are left out: ${names}.`,
        remedy: "Ask support to create the roles on the new server first, if their members need the rights.",
      },
    ),
    ...findNames(
      policies.rows.map(({ name }) => name),
      {
        check: "policies",
        level: "warning",
        summary: (names) => `Policies for roles that the new server does not have are left out: ${names}.`,
        remedy: "Ask support to create the roles on the new server first.",
      },
    ),
  ];
};

const owner = ({ input }: CheckContext): readonly unknown[] => [input.source.username];

const otherOwners = nameCheck({
  check: "other-owners",
  level: "info",
  query: `SELECT format('%s of %s', c.oid::regclass, r.rolname) AS name FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
    WHERE r.rolname <> $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't'
      AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}
    UNION ALL SELECT format('%s of %s', p.oid::regprocedure, r.rolname) FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
    WHERE r.rolname <> $1 AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_proc", "p.oid")}
      AND ${notOfType("p.oid")}`,
  values: owner,
  summary: (names) => `On the new server, what belongs to others will belong to the application: ${names}.`,
});

const defaultPrivileges = nameCheck({
  check: "default-privileges",
  level: "info",
  query: `SELECT DISTINCT r.rolname AS name FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole WHERE r.rolname <> $1`,
  values: owner,
  summary: (names) => `Rights for future tables of other users are not carried over: ${names}.`,
  remedy: "Run ALTER DEFAULT PRIVILEGES for them on the new database.",
});

const roleSettings = nameCheck({
  check: "role-settings",
  level: "info",
  query: `SELECT r.rolname AS name FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
    JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database() AND r.rolname <> $1`,
  values: owner,
  summary: (names) => `Settings that this database has for other users are not carried over: ${names}.`,
  remedy: "Set them again on the new database, once the users are there.",
});

/** Settings of the database or its owner that the target's version does not have. */
const settings: Check = async ({ source, target, input }) => {
  const { rows } = await source.query<{ entry: string }>(
    `SELECT unnest(s.setconfig) AS entry FROM pg_db_role_setting s
     LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
     WHERE (d.datname = current_database() AND (s.setrole = 0 OR r.rolname = $1)) OR (s.setdatabase = 0 AND r.rolname = $1)`,
    [input.source.username],
  );
  const theirs = await target.query<{ name: string }>("SELECT lower(name) AS name FROM pg_settings");
  const known = new Set(theirs.rows.map(({ name }) => name));
  const entries = rows.map(({ entry }) => splitSetting(entry));
  const unknown = entries
    .map(({ name }) => name)
    .filter((name) => !name.includes(".") && !known.has(name.toLowerCase()));
  const readOnly = entries.filter(
    ({ name, value }) => name === "default_transaction_read_only" && value !== "off",
  );
  return findNames([...unknown, ...readOnly.map(({ name }) => name)], {
    check: "settings",
    level: "warning",
    summary: (names) => `Settings of the database are not carried over: ${names}.`,
    remedy:
      "Set default_transaction_read_only again afterwards; what the new version does not know, it does not need.",
  });
};

/** Checks of users, owners, rights and settings: what of them stays behind. */
export const roleChecks: readonly Check[] = [
  otherUsers,
  missingRoles,
  otherOwners,
  defaultPrivileges,
  roleSettings,
  settings,
];
