import type { Redis } from "ioredis";
import { z } from "zod";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import type { JsonObject } from "../../../core/step.ts";
import { isMark, readMarks } from "../marks.ts";
import { asAdmin, withSession } from "../session.ts";
import { readUsers } from "../users.ts";
import { readWriteSettings, settingsSchema } from "./write-settings.ts";

const undoSchema = z.object({
  /** Rights of each user as they were: commands, and selectors, which are rights of their own. */
  users: z.array(
    z.object({ name: z.string(), commands: z.array(z.string()), selectors: z.array(z.string()) }),
  ),
  settings: settingsSchema,
});

/** Everything that the fence will change, as it was. Holds no password and no hash of one. */
export type FenceUndo = z.infer<typeof undoSchema>;

/** Reads what `planFence` stored. */
export function parseUndo(undo: JsonObject): FenceUndo {
  const parsed = undoSchema.safeParse(undo);
  if (parsed.success) return parsed.data;
  throw new GodwitError({
    code: "fence-undo-unreadable",
    summary: "The stored note on how to take the fence away cannot be read.",
    remedy: "Ask support to reset min-replicas-to-write and the rights of the users.",
    cause: parsed.error,
  });
}

/** Notes the rights and settings that the fence will change; touches nothing. Refuses a fenced server. */
export function planFence({ server }: DatabaseAccess, signal: AbortSignal): Promise<JsonObject> {
  return withSession(asAdmin(server), { name: "godwit fence", signal }, async (client) => {
    const [holder] = await readMarks(client, "fence");
    if (holder !== undefined) throw alreadyFenced(server.id, holder);
    return { users: await readWriters(client), settings: await readWriteSettings(client) };
  });
}

async function readWriters(client: Redis): Promise<FenceUndo["users"]> {
  const users = await readUsers(client);
  return users
    .filter(({ name, isOn }) => isOn && !isMark(name))
    .map(({ name, commands, selectors }) => ({ name, commands: [...commands], selectors: [...selectors] }));
}

/** What is thrown when somebody else's fence stands. */
export function alreadyFenced(server: string, holder: string): GodwitError {
  return new GodwitError({
    code: "already-fenced",
    summary: `The server ${server} is already kept from being written to, by ${holder}.`,
    remedy: "Let that migration or copy end, or open the server with what started it.",
  });
}
