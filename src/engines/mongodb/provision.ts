import type { MongoClient } from "mongodb";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, DatabasePair, EngineCall } from "../../core/ports/engine.ts";
import { readCollections } from "./collections.ts";
import { asAdmin, withSession } from "./session.ts";
import { isOrdinary, isSame, killSessions, type Role, readUsers, usersOf } from "./users.ts";

const NAME = "godwit prepare";
/** What an application may do whose user is not found on the source. */
const USUAL = ["readWrite", "dbAdmin"];
/** An address from which nobody connects. */
const NOWHERE = "255.255.255.255/32";

type Place = Omit<DatabaseAccess, "password">;

function homeOf({ username, database }: Place): { readonly user: string; readonly db: string } {
  return { user: username, db: database };
}

/** Whether the database is the one that was made for this user. */
export async function isOurs(client: MongoClient, place: Place): Promise<boolean> {
  return (await readUsers(client)).some((user) => isSame(user, homeOf(place)));
}

/** Makes the application's user in its new database, which exists from its first collection on. */
export async function provision({ source, target }: DatabasePair, { signal }: EngineCall): Promise<void> {
  const options = { name: NAME, signal };
  const roles = await withSession(asAdmin(source.server), options, (client) => readRoles(client, source));
  await withSession(asAdmin(target.server), options, async (client) => {
    const pwd = target.password.reveal();
    const database = client.db(target.database);
    if (await isOurs(client, target))
      return void (await database.command({ updateUser: target.username, pwd }));
    if ((await readCollections(client, target.database)).length > 0) throw taken(target.database);
    const given = roles.map((role) => ({ role, db: target.database }));
    await database.command({ createUser: target.username, pwd, roles: given });
  });
}

async function readRoles(client: MongoClient, source: DatabaseAccess): Promise<string[]> {
  const user = (await readUsers(client)).find((each) => isSame(each, homeOf(source)));
  const own = (user?.roles ?? []).filter((each: Role) => each.db === source.database && isOrdinary(each));
  return own.length > 0 ? own.map(({ role }) => role) : USUAL;
}

/** Drops the database with the roles and, last, the users that live in it. One that is somebody else's is left alone. */
export async function drop(place: Place, signal: AbortSignal): Promise<void> {
  await withSession(asAdmin(place.server), { name: "godwit drop", signal }, async (client) => {
    if (!(await isOurs(client, place))) return;
    const database = client.db(place.database);
    const users = (await readUsers(client)).filter(({ db }) => db === place.database);
    await killSessions(client, users);
    await database.command({ dropDatabase: 1 });
    await database.command({ dropAllRolesFromDatabase: 1 });
    await database.command({ dropAllUsersFromDatabase: 1 });
  });
}

/** Closes a database that an add-on has left: nobody who lives in it may log in any more, from wherever. */
export async function close(source: DatabaseAccess, signal: AbortSignal): Promise<void> {
  await withSession(asAdmin(source.server), { name: "godwit close", signal }, async (client) => {
    const users = await usersOf(client, source.server, source.database);
    const living = users.filter(({ db }) => db === source.database);
    for (const { user } of living)
      await client
        .db(source.database)
        .command({ updateUser: user, authenticationRestrictions: [{ clientSource: [NOWHERE] }] });
    await killSessions(client, living);
  });
}

function taken(database: string): GodwitError {
  return new GodwitError({
    code: "target-taken",
    summary: `The new server already has a database named ${database}.`,
    remedy: "Start the migration again, so that Godwit picks another name.",
  });
}
