import { randomBytes } from "node:crypto";
import type { MongoClient } from "mongodb";
import { z } from "zod";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, EngineCall, FenceHold } from "../../core/ports/engine.ts";
import type { JsonObject } from "../../core/step.ts";
import { readMarks, removeMarks, setMark } from "./marks.ts";
import { asAdmin, openSession, withSession } from "./session.ts";
import {
  isSame,
  killSessions,
  mayWrite,
  readUsers,
  readWorking,
  setRoles,
  type User,
  usersOf,
} from "./users.ts";

const NAME = "godwit fence";
const LOOK_MS = 500;
const QUIET_MS = 200;
const QUIET_LOOKS = 50;

const undoSchema = z.object({
  users: z.array(
    z.object({
      user: z.string(),
      db: z.string(),
      roles: z.array(z.object({ role: z.string(), db: z.string() })),
    }),
  ),
});

function parseUndo(undo: JsonObject): readonly User[] {
  const parsed = undoSchema.safeParse(undo);
  if (parsed.success) return parsed.data.users;
  throw new GodwitError({
    code: "fence-undo-unreadable",
    summary: "The stored note on how to take the fence away cannot be read.",
    remedy: "Ask support to give the users of the database their roles again.",
    cause: parsed.error,
  });
}

/** Notes the roles of everybody who may write, as they are; touches nothing. Refuses a fenced database. */
export function planFence({ server, database }: DatabaseAccess, signal: AbortSignal): Promise<JsonObject> {
  return withSession(asAdmin(server), { name: NAME, signal }, async (client) => {
    const [mark] = await readMarks(client, database);
    if (mark !== undefined) throw alreadyFenced(database, mark.holder);
    const writers = (await usersOf(client, server, database)).filter((user) => mayWrite(user, database));
    return undoSchema.parse({ users: writers });
  });
}

/** What a user keeps: reading, and what it may do elsewhere unless it lives in the database itself. */
function fencedRoles({ db, roles }: User, database: string): User["roles"] {
  const elsewhere = db === database ? [] : roles.filter((each) => each.db !== database);
  return [...elsewhere, { role: "read", db: database }];
}

/**
 * Takes every right but reading from all users of the database, then ends what they were doing, with transactions that are
 * open: rights are asked for when an operation begins. Both survive us and a restart of the server. The hold is a mark that
 * is looked at twice a second.
 */
export async function fence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, call }: { readonly holder: string; readonly call: EngineCall },
): Promise<FenceHold> {
  const users = parseUndo(undo);
  // The hold outlives the call that made it, so it does not end with the call's signal.
  const client = await openSession(asAdmin(source.server), holder);
  try {
    call.signal.throwIfAborted();
    const mark = { holder, hold: randomBytes(6).toString("hex") };
    await build(client, source, { users, mark, call });
    call.signal.throwIfAborted();
    return makeHold(client, source, { ...mark, since: new Date() });
  } catch (error) {
    await client.close();
    throw error;
  }
}

interface Building {
  readonly users: readonly User[];
  readonly call: EngineCall;
  readonly mark: { readonly holder: string; readonly hold: string };
}

async function build(
  client: MongoClient,
  { database }: DatabaseAccess,
  { users, mark, call }: Building,
): Promise<void> {
  const other = (await readMarks(client, database)).find(({ holder }) => holder !== mark.holder);
  if (other !== undefined) throw alreadyFenced(database, other.holder);
  await setMark(client, database, mark);
  await removeMarks(client, database, mark.holder, mark.hold);
  const known = await readUsers(client);
  const meant = users.filter((user) => known.some((each) => isSame(each, user)));
  for (const user of meant) await setRoles(client, { ...user, roles: fencedRoles(user, database) });
  await killSessions(client, meant);
  await untilQuiet(client, database, { users: meant, call });
}

/** What was killed ends a moment later; the source refuses writes once it has. */
async function untilQuiet(
  client: MongoClient,
  database: string,
  { users, call }: { readonly users: readonly User[]; readonly call: EngineCall },
): Promise<void> {
  for (let looks = 0; looks < QUIET_LOOKS; looks += 1) {
    if (!(await readWorking(client)).some((each) => users.some((user) => isSame(user, each)))) return;
    await killSessions(client, users);
    await call.clock.sleep(QUIET_MS, call.signal);
  }
  throw new GodwitError({
    code: "fence-timeout",
    class: "transient",
    summary: `Operations of the application on ${database} did not end when they were told to.`,
    remedy: "Godwit tries again by itself; if it stays so, look at what db.currentOp() shows.",
  });
}

interface Held {
  readonly holder: string;
  readonly hold: string;
  readonly since: Date;
}

function makeHold(client: MongoClient, { database }: DatabaseAccess, held: Held): FenceHold {
  let isLost = false;
  const look = async (): Promise<void> => {
    const marks = isLost ? [] : await readMarks(client, database).catch(() => []);
    if (marks.some(({ hold }) => hold === held.hold)) return;
    isLost = true;
    clearInterval(timer);
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return {
    since: held.since,
    isAlive: () => !isLost,
    async assertAlive() {
      await look();
      if (!isLost) return;
      await client.close().catch(() => undefined);
      throw fenceLost(database);
    },
    async release() {
      isLost = true;
      clearInterval(timer);
      await client.close();
    },
  };
}

/** Gives everybody the roles that they had; users who are gone stay gone. */
export async function unfence(
  { server, database }: DatabaseAccess,
  undo: JsonObject,
  { holder, signal }: { readonly holder: string; readonly signal: AbortSignal },
): Promise<void> {
  const users = parseUndo(undo);
  await withSession(asAdmin(server), { name: NAME, signal }, async (client) => {
    // The mark is the first that the fence makes and the last that goes: without it there is nothing to undo.
    if (!(await readMarks(client, database)).some((mark) => mark.holder === holder)) return;
    const known = await readUsers(client);
    for (const user of users) if (known.some((each) => isSame(each, user))) await setRoles(client, user);
    await removeMarks(client, database, holder);
  });
}

function alreadyFenced(database: string, holder: string): GodwitError {
  return new GodwitError({
    code: "already-fenced",
    summary: `The database ${database} is already kept from being written to, by ${holder}.`,
    remedy: "Let that migration end, or open the database with what started it.",
  });
}

function fenceLost(database: string): GodwitError {
  return new GodwitError({
    code: "fence-lost",
    class: "transient",
    summary: `The mark of the fence of ${database} is gone, or its server is.`,
    remedy: "Godwit fences the database again and repeats what it was doing.",
  });
}
