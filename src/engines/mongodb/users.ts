import type { MongoClient } from "mongodb";
import type { ServerAccess } from "../../core/ports/engine.ts";
import { administrator } from "./session.ts";

export interface Role {
  readonly role: string;
  readonly db: string;
}

/** A user, and the database that it lives in. */
export interface User {
  readonly user: string;
  readonly db: string;
  readonly roles: readonly Role[];
}

/** Roles that are the same on every server, and whose rights end with one database. */
const OF_ONE_DATABASE = ["read", "readWrite", "dbAdmin", "userAdmin", "dbOwner"];
/** Roles of `admin` whose holders could write to any database. */
const OF_ALL = [
  "root",
  "__system",
  "readWriteAnyDatabase",
  "dbAdminAnyDatabase",
  "userAdminAnyDatabase",
  "userAdmin",
  "dbOwner",
  "restore",
  "clusterAdmin",
];

/** Every user of the server, without what is known of their passwords. */
export async function readUsers(client: MongoClient): Promise<User[]> {
  const { users } = await client.db("admin").command({ usersInfo: { forAllDBs: true } });
  return (users as User[]).map(({ user, db, roles }) => ({
    user,
    db,
    roles: roles.map((each) => ({ role: each.role, db: each.db })),
  }));
}

export function isSame(one: Pick<User, "user" | "db">, other: Pick<User, "user" | "db">): boolean {
  return one.user === other.user && one.db === other.db;
}

/** Users besides the administrator who live in a database or hold rights on it. */
export async function usersOf(client: MongoClient, server: ServerAccess, database: string): Promise<User[]> {
  const admin = administrator(server);
  return (await readUsers(client)).filter(
    (each) => !isSame(each, admin) && (each.db === database || each.roles.some(({ db }) => db === database)),
  );
}

/** Whether a role is one that every server knows. */
export function isOrdinary({ role }: Role): boolean {
  return OF_ONE_DATABASE.includes(role);
}

/** Whether a user could write to every database of the server. */
export function mayWriteAnywhere({ roles }: User): boolean {
  return roles.some(({ role, db }) => db === "admin" && OF_ALL.includes(role));
}

/** Whether a user lives in the database with more than reading, or may do more than read it. */
export function mayWrite({ db, roles }: User, database: string): boolean {
  return roles.some((each) => (each.db === database || db === database) && each.role !== "read");
}

/** Replaces the roles of a user. */
export async function setRoles(client: MongoClient, { user, db, roles }: User): Promise<void> {
  await client.db(db).command({ updateUser: user, roles: roles.map((role) => ({ ...role })) });
}

/** Ends what users are doing, with their transactions; a commit would ask for no right. */
export async function killSessions(
  client: MongoClient,
  users: readonly Pick<User, "user" | "db">[],
): Promise<void> {
  if (users.length === 0) return;
  const named = users.map(({ user, db }) => ({ user, db }));
  await client.db("admin").command({ killAllSessions: named });
}

/** Users whose operations run, or whose transactions are open. */
export async function readWorking(client: MongoClient): Promise<Pick<User, "user" | "db">[]> {
  const all = await client
    .db("admin")
    .aggregate([{ $currentOp: { allUsers: true, idleSessions: true } }])
    .toArray();
  return all
    .filter((each) => each["active"] === true || each["transaction"] !== undefined)
    .flatMap((each) => (each["effectiveUsers"] ?? []) as Pick<User, "user" | "db">[]);
}
