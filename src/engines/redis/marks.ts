import type { Redis } from "ioredis";
import { spoken } from "./session.ts";
import { deleteUser, readUsers, setUser } from "./users.ts";

/*
 * A server has no place for a note but its keys, which are the application's, and its users. So Godwit's notes are
 * users that can never log in: who has fenced the server, and whose add-on it is.
 */

const PREFIX = "godwit:";

/** Whether a user is one of Godwit's notes or helpers. */
export function isMark(name: string): boolean {
  return name.startsWith(PREFIX);
}

export type MarkKind = "fence" | "addon";

function nameOf(kind: MarkKind, subject: string): string {
  return `${PREFIX}${kind}:${spoken(subject)}`;
}

/** Leaves a note. */
export async function setMark(client: Redis, kind: MarkKind, subject: string): Promise<void> {
  await setUser(client, nameOf(kind, subject), [
    "reset",
    "off",
    "resetpass",
    "resetkeys",
    "resetchannels",
    "-@all",
  ]);
}

export async function removeMark(client: Redis, kind: MarkKind, subject: string): Promise<void> {
  await deleteUser(client, nameOf(kind, subject));
}

/** Subjects of the notes of a kind, as they were spoken. */
export async function readMarks(client: Redis, kind: MarkKind): Promise<string[]> {
  const prefix = nameOf(kind, "");
  const names = (await readUsers(client)).map(({ name }) => name);
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}
