import type { Redis } from "ioredis";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import type { JsonObject } from "../../../core/step.ts";
import { endClients } from "../clients.ts";
import { readMarks, removeMark, setMark } from "../marks.ts";
import { asAdmin, openSession, spoken, withSession } from "../session.ts";
import { readUsers, setUser } from "../users.ts";
import { alreadyFenced, type FenceUndo, parseUndo } from "./plan-fence.ts";
import { withoutWrites } from "./write-commands.ts";
import { refuseWrites, restoreSettings } from "./write-settings.ts";

const NAME = "godwit fence";

/**
 * Lets the server refuse writes in two layers, both of which stay without us: the server wants more replicas than
 * there are, and no user has a command that writes. Neither survives a restart of the server; so the hold is a
 * session that has lasted since: as long as it lives, the server has not restarted.
 */
export async function fence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, call }: { readonly holder: string; readonly call: EngineCall },
): Promise<FenceHold> {
  const plan = parseUndo(undo);
  // The hold outlives the call that made it, so it does not end with the call's signal.
  const held = await openSession(asAdmin(source.server), {
    name: holder,
    signal: new AbortController().signal,
  });
  try {
    call.signal.throwIfAborted();
    await build(held, source, { plan, holder });
    call.signal.throwIfAborted();
    return makeHold(held, source, { holder, since: new Date() });
  } catch (error) {
    held.disconnect();
    throw error;
  }
}

async function build(
  client: Redis,
  source: DatabaseAccess,
  { plan, holder }: { readonly plan: FenceUndo; readonly holder: string },
): Promise<void> {
  const other = (await readMarks(client, "fence")).find((mark) => mark !== spoken(holder));
  if (other !== undefined) throw alreadyFenced(source.server.id, other);
  await setMark(client, "fence", holder);
  if (plan.settings !== null) await refuseWrites(client);
  const admin = asAdmin(source.server).username;
  const rules = { ours: await withoutWrites(client, true), theirs: await withoutWrites(client, false) };
  const known = new Set((await readUsers(client)).map(({ name }) => name));
  for (const { name } of plan.users)
    if (known.has(name)) await setUser(client, name, name === admin ? rules.ours : rules.theirs);
}

function makeHold(
  held: Redis,
  source: DatabaseAccess,
  { holder, since }: { readonly holder: string; readonly since: Date },
): FenceHold {
  let isLost = false;
  held.once("end", () => (isLost = true));
  return {
    since,
    isAlive: () => !isLost,
    async assertAlive() {
      const marks = isLost ? [] : await readMarks(held, "fence").catch(() => []);
      if (!marks.includes(spoken(holder))) throw fenceLost(source.server.id);
    },
    async release() {
      isLost = true;
      held.disconnect();
    },
  };
}

/** Takes both layers away, and ends the session of whoever holds the fence. */
export async function unfence(
  source: DatabaseAccess,
  undo: JsonObject,
  { holder, signal }: { readonly holder: string; readonly signal: AbortSignal },
): Promise<void> {
  const { users, settings } = parseUndo(undo);
  await withSession(asAdmin(source.server), { name: NAME, signal }, async (client) => {
    // The mark is the first that the fence makes and the last that goes: without it there is nothing to undo.
    if (!(await readMarks(client, "fence")).includes(spoken(holder))) return;
    await endClients(client, ({ name }) => name === spoken(holder));
    const known = new Set((await readUsers(client)).map(({ name }) => name));
    for (const { name, commands, selectors } of users)
      if (known.has(name))
        await setUser(client, name, ["clearselectors", "nocommands", ...commands, ...selectors]);
    if (settings !== null) await restoreSettings(client, settings);
    await removeMark(client, "fence", holder);
  });
}

function fenceLost(server: string): GodwitError {
  return new GodwitError({
    code: "fence-lost",
    class: "transient",
    summary: `The session that watched over the fence of ${server} was lost.`,
    remedy: "Godwit fences the server again and repeats what it was doing.",
  });
}
