import type pg from "pg";
import { quoteName } from "../sql.ts";
import type { SchemaEntry } from "./entries.ts";
import { mapRole, type RoleMap } from "./role-map.ts";

/** What became of a schema for another server. */
export interface AdaptedEntries {
  readonly entries: readonly SchemaEntry[];
  /** Grants and policies for roles that the target's server does not have. */
  readonly skippedGrants: number;
}

/** Kinds that only a superuser may create, or that reach out of the database; see also `outer-objects.ts`, `event-triggers.ts` and `foreign-links.ts`. */
const LEFT_OUT = new Set([
  "EXTENSION",
  "PROCEDURAL LANGUAGE",
  "FOREIGN DATA WRAPPER",
  "SERVER",
  "USER MAPPING",
  "EVENT TRIGGER",
  "PUBLICATION TABLES IN SCHEMA",
  "SUBSCRIPTION",
  "SUBSCRIPTION TABLE",
  "DATABASE",
  "DATABASE PROPERTIES",
]);

const ROLE = String.raw`"(?:[^"]|"")*"|[^\s",;]+`;
const GRANT = new RegExp(String.raw`^([\s\S]*) (TO|FROM) (${ROLE})( WITH GRANT OPTION)?$`);
const DEFAULT_FOR = new RegExp(String.raw`^ALTER DEFAULT PRIVILEGES FOR ROLE (${ROLE}) `);

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** A dump takes back what an object's owner has by default, where that one has less: only the owner's name stands so. */
const OWNER_LOSES = new RegExp(String.raw`^REVOKE [A-Z,]+ ON (?:TABLE|SEQUENCE) [\s\S]* FROM (${ROLE})$`);

/** The owner of the relation that an entry's statements are about, as written in them; null where they do not tell. */
function ownerIn(statements: readonly string[]): string | null {
  const named = statements.flatMap((each) => OWNER_LOSES.exec(each)?.[1] ?? []);
  return named.find((name) => name !== "PUBLIC") ?? null;
}

function mapQuoted(written: string, roles: RoleMap, owner: string | null = null): string | null {
  if (written === "PUBLIC") return written;
  if (written === owner) return quoteName(roles.targetOwner);
  const mapped = mapRole(unquote(written), roles);
  return mapped === null ? null : quoteName(mapped);
}

/** Splits statements at semicolons outside quoted names; grants hold no other quotes. */
export function splitStatements(sql: string): string[] {
  const parts = sql.match(/(?:"(?:[^"]|"")*"|[^";])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function adaptGrant(statement: string, roles: RoleMap, relationOwner: string | null): string | null {
  const [, before, word, grantee, option] = GRANT.exec(statement) ?? [];
  if (before === undefined || grantee === undefined) return null;
  const mapped = mapQuoted(grantee, roles, relationOwner);
  if (mapped === null) return null;
  const owner = DEFAULT_FOR.exec(before)?.[1];
  if (owner === undefined) return `${before} ${word} ${mapped}${option ?? ""};`;
  const forRole = mapQuoted(owner, roles);
  if (forRole !== quoteName(roles.targetOwner)) return null;
  return `${before.replace(DEFAULT_FOR, () => `ALTER DEFAULT PRIVILEGES FOR ROLE ${forRole} `)} ${word} ${mapped}${option ?? ""};`;
}

function adaptGrants(entry: SchemaEntry, roles: RoleMap): { sql: string; skipped: number } {
  // A grant made by somebody else is made again by the owner: the dump's SET SESSION lines are dropped.
  const statements = splitStatements(entry.sql).filter((each) => /^(GRANT|REVOKE|ALTER DEFAULT)/.test(each));
  const owner = ownerIn(statements);
  const adapted = statements.map((each) => adaptGrant(each, roles, owner));
  const kept = adapted.filter((each) => each !== null);
  return { sql: kept.join("\n"), skipped: adapted.length - kept.length };
}

/** Who a policy is for, by the policy's OID; empty for everyone. */
export type PolicyRoles = ReadonlyMap<number, readonly string[]>;

/** Reads the roles of all policies. */
export async function readPolicyRoles(client: pg.Client): Promise<PolicyRoles> {
  const { rows } = await client.query<{ oid: number; roles: string[]; written: string }>(
    `SELECT p.oid::int8::float8 AS oid, array_agg(r.rolname::text ORDER BY r.rolname) AS roles
     FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles) GROUP BY p.oid`,
  );
  return new Map(rows.map(({ oid, roles }) => [oid, roles]));
}

function adaptPolicy(entry: SchemaEntry, roles: RoleMap, policies: PolicyRoles): string | null {
  const names = policies.get(entry.oid);
  if (names === undefined) return entry.sql;
  const mapped = names.map((name) => mapRole(name, roles)).filter((name) => name !== null);
  if (mapped.length === 0) return null;
  const list = new RegExp(String.raw` TO (?:${ROLE})(?:, (?:${ROLE}))*(?=;| USING \(| WITH CHECK \()`);
  return entry.sql.replace(list, () => ` TO ${mapped.map(quoteName).join(", ")}`);
}

/** Publications of all tables are an administrator's to make; those that Godwit made are its own. */
const OUTER_PUBLICATION = new RegExp(
  String.raw`^(CREATE PUBLICATION (${ROLE}) FOR ALL TABLES|(CREATE|ALTER) PUBLICATION godwit_)`,
);

function isLeftOut(entry: SchemaEntry): boolean {
  if (entry.type.startsWith("PUBLICATION") && OUTER_PUBLICATION.test(entry.sql)) return true;
  return LEFT_OUT.has(entry.type);
}

/** What is said about an object, and who may use it, goes with it. */
function withoutLeftOut(entries: readonly SchemaEntry[]): SchemaEntry[] {
  const gone = new Set(entries.filter(isLeftOut).map(({ id }) => id));
  const isOfGone = ({ type, needs }: SchemaEntry): boolean =>
    (type === "COMMENT" || type === "ACL") && needs.some((id) => gone.has(id));
  return entries.filter((entry) => !gone.has(entry.id) && !isOfGone(entry));
}

function adaptEntry(
  entry: SchemaEntry,
  roles: RoleMap,
  policies: PolicyRoles,
): { sql: string; skipped: number } {
  switch (entry.type) {
    case "ACL":
    case "DEFAULT ACL":
      return adaptGrants(entry, roles);
    case "POLICY": {
      const sql = adaptPolicy(entry, roles, policies);
      return { sql: sql ?? "", skipped: sql === null ? 1 : 0 };
    }
    case "SCHEMA":
      return { sql: entry.sql.replace(/^CREATE SCHEMA /, "CREATE SCHEMA IF NOT EXISTS "), skipped: 0 };
    default:
      return { sql: entry.sql, skipped: 0 };
  }
}

/** Makes a dump's entries fit another server: other owner, other roles, nothing that needs a superuser. */
export function adaptEntries(
  entries: readonly SchemaEntry[],
  roles: RoleMap,
  policies: PolicyRoles,
): AdaptedEntries {
  let skippedGrants = 0;
  const adapted: SchemaEntry[] = [];
  for (const entry of withoutLeftOut(entries)) {
    const { sql, skipped } = adaptEntry(entry, roles, policies);
    skippedGrants += skipped;
    if (sql !== "") adapted.push({ ...entry, sql });
  }
  return { entries: adapted, skippedGrants };
}
