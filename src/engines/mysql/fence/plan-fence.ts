import { z } from "zod";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import type { JsonObject } from "../../../core/step.ts";
import { requireDatabase } from "../inspect.ts";
import { type Right, readAboveRights, readRights, rightSchema, writing } from "../rights.ts";
import { type Session, withAdmin } from "../session.ts";
import { readEnabledEvents } from "./events.ts";
import { alreadyFenced, readFenceMark } from "./fence-mark.ts";

const undoSchema = z.object({
  /** Rights that the fence takes; none where the server itself keeps a database read-only. */
  rights: z.array(rightSchema),
  /** Events that run until the fence stands. */
  events: z.array(z.string()),
  /** Users whose sessions are ended. */
  users: z.array(z.string()),
});

/** Everything that the fence will change, as it was. */
export type FenceUndo = z.infer<typeof undoSchema>;

/** Reads what `planFence` stored. */
export function parseUndo(undo: JsonObject): FenceUndo {
  const parsed = undoSchema.safeParse(undo);
  if (parsed.success) return parsed.data;
  throw new GodwitError({
    code: "fence-undo-unreadable",
    summary: "The stored note on how to take the fence away cannot be read.",
    remedy: "Ask support to give the rights back, or to set the database to READ ONLY = 0.",
    cause: parsed.error,
  });
}

/** Routines that run with the rights of somebody above all rights: only who may not call them cannot write by them. */
export async function readLooseRoutines(admin: Session, database: string): Promise<string[]> {
  const above = await readAboveRights(admin);
  const rows = await admin.rows<{ name: string; definer: string }>(
    `SELECT ROUTINE_NAME AS name, DEFINER AS definer FROM information_schema.ROUTINES
     WHERE ROUTINE_SCHEMA = ? AND SECURITY_TYPE = 'DEFINER'`,
    [database],
  );
  const definers = new Set(above.map(({ user, host }) => `${user}@${host ?? ""}`));
  return rows.filter(({ definer }) => definers.has(definer)).map(({ name }) => name);
}

/** The rights that a fence has to take away now. */
export async function readWriteRights(admin: Session, database: string): Promise<Right[]> {
  const withExecute = (await readLooseRoutines(admin, database)).length > 0;
  return writing(await readRights(admin, database), { withExecute });
}

/** Notes what the fence will change; touches nothing. Refuses a fenced database. */
export function planFence(source: DatabaseAccess, signal: AbortSignal): Promise<JsonObject> {
  return withAdmin(source.server, signal, async (admin) => {
    const { database } = source;
    await requireDatabase(admin, database);
    const mark = await readFenceMark(admin, database);
    if (mark !== null) throw alreadyFenced(database, mark);
    const all = await readRights(admin, database);
    const users = [...new Set([source.username, ...all.map(({ user }) => user)])];
    const rights = admin.flavour.fencedBy === "rights" ? await readWriteRights(admin, database) : [];
    return { rights, events: await readEnabledEvents(admin, database), users };
  });
}
