import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, DatabasePair, EngineCall } from "../../core/ports/engine.ts";
import { readDatabases } from "./info.ts";
import { readMarks, removeMark, setMark } from "./marks.ts";
import { asAdmin, isAdministrator, spoken, withSession } from "./session.ts";
import { findUser, keepUsers, setUser, type User } from "./users.ts";

const NAME = "godwit prepare";
/** What an application may do whose user is not found on the source. */
const ORDINARY: readonly string[] = ["~*", "&*", "+@all", "-@admin"];

/** Takes a free server for the add-on, and makes its user with the rights that it has on the source. */
export async function provision({ source, target }: DatabasePair, call: EngineCall): Promise<void> {
  const { signal } = call;
  const user = await withSession(asAdmin(source.server), { name: NAME, signal }, (client) =>
    findUser(client, source.username),
  );
  await withSession(asAdmin(target.server), { name: NAME, signal }, async (client) => {
    await takeServer(client, target.database);
    if (!isAdministrator(target)) await makeUser(client, target, user);
    if (!(await keepUsers(client))) throw notKept(target);
  });
}

/** Two that take the same server at once both find the other's mark, and both give way. */
async function takeServer(client: Redis, database: string): Promise<void> {
  const isOther = (mark: string): boolean => mark !== spoken(database);
  const before = await readMarks(client, "addon");
  if (before.some(isOther)) throw taken();
  if (before.length === 0 && (await holdsAnything(client))) throw notEmpty();
  await setMark(client, "addon", database);
  if (!(await readMarks(client, "addon")).some(isOther)) return;
  await removeMark(client, "addon", database);
  throw taken();
}

/** Whether a server holds keys or functions. */
export async function holdsAnything(client: Redis): Promise<boolean> {
  if ((await readDatabases(client)).size > 0) return true;
  return ((await client.call("FUNCTION", "LIST")) as unknown[]).length > 0;
}

/** The password is told as its hash, so that it is in no server's log. */
async function makeUser(client: Redis, target: DatabaseAccess, source: User | undefined): Promise<void> {
  const hash = createHash("sha256").update(target.password.reveal()).digest("hex");
  const login = ["resetpass", `#${hash}`, "on"];
  const known = await findUser(client, target.username);
  // Made by an earlier attempt: the source may be fenced by now, and its rights no longer what they were.
  const isMade = known !== undefined && known.isOn && known.hasPassword && target.username !== "default";
  const rights = source === undefined ? ORDINARY : rightsOf(source);
  await setUser(client, target.username, isMade ? login : ["reset", ...rights, ...login]);
}

/** A user's rights as ACL SETUSER takes them. */
export function rightsOf({ keys, commands, selectors }: User): string[] {
  return ["resetkeys", "resetchannels", ...keys, "nocommands", ...commands, ...selectors];
}

function taken(): GodwitError {
  return new GodwitError({
    code: "target-taken",
    class: "transient",
    summary: "The new server belongs to another add-on by now.",
    remedy: "Godwit tries again by itself; if it stays so, add a free server to godwit.yaml.",
  });
}

function notEmpty(): GodwitError {
  return new GodwitError({
    code: "target-not-empty",
    summary: "The new server holds keys or functions already.",
    remedy: "Empty it with FLUSHALL and FUNCTION FLUSH when nobody needs them, then try again.",
  });
}

function notKept({ server }: DatabaseAccess): GodwitError {
  return new GodwitError({
    code: "users-not-kept",
    summary: `The server ${server.id} would forget the application's user when it restarts.`,
    remedy: "Start it with an aclfile or with a configuration file that it may write, then try again.",
  });
}
