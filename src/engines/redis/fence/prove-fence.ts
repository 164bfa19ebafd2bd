import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess, FenceHold } from "../../../core/ports/engine.ts";
import { isMark } from "../marks.ts";
import { asAdmin, asApplication, isAdministrator, withSession } from "../session.ts";
import { readUsers, type User } from "../users.ts";
import { readWriteSettings, refusesWrites } from "./write-settings.ts";

const NAME = "godwit probe";
const REFUSED =
  /^(?:ERR )?(?:NOPERM|NOREPLICAS|EXECABORT)|NOPERM|NOREPLICAS|can't run this command|ACL failure/;

/** Writes that would change nothing if they were let pass: they take away a key that there is not. */
const PROBES: Readonly<Record<string, (client: Redis, key: string) => Promise<unknown>>> = {
  "a plain write": (client, key) => client.call("DEL", key),
  "a script": (client, key) => client.call("EVAL", "return redis.call('DEL', KEYS[1])", 1, key),
  "a transaction": async (client, key) => {
    await client.call("MULTI");
    try {
      await client.call("DEL", key);
    } catch (error) {
      await client.call("DISCARD").catch(() => undefined);
      throw error;
    }
    return client.call("EXEC");
  },
  "a read that waits and takes": (client, key) => client.call("BLPOP", key, "0.01"),
  "a function": (client, key) => client.call("FUNCTION", "DELETE", `godwit_${key.slice(-8)}`),
};

/** Tries to write as the application in each way it could, and asks of every other user whether it could. */
export async function proveFence(
  source: DatabaseAccess,
  hold: FenceHold,
  signal: AbortSignal,
): Promise<void> {
  await hold.assertAlive();
  await withSession(asAdmin(source.server), { name: NAME, signal }, (admin) => askOfUsers(admin, source));
  if (source.password.reveal() !== "" || isAdministrator(source))
    await withSession(asApplication(source), { name: NAME, signal }, (client) => tryProbes(client, source));
  await hold.assertAlive();
}

/** A server that cannot be told to refuse writes is kept by rights alone. */
async function askOfUsers(admin: Redis, source: DatabaseAccess): Promise<void> {
  if (await refusesWrites(admin)) return;
  if ((await readWriteSettings(admin)) !== null) throw fenceOpen(source, "the server itself takes writes");
  const open = (await readUsers(admin)).find((user) => user.isOn && !isMark(user.name) && mayWrite(user));
  if (open) throw fenceOpen(source, `its user ${open.name} may write`);
}

/** The last rule that speaks of a command decides. */
function mayWrite({ commands, selectors }: User): boolean {
  const lastGiven = commands.findLastIndex((rule) => rule.startsWith("+"));
  return selectors.length > 0 || lastGiven > commands.lastIndexOf("-@write");
}

async function tryProbes(client: Redis, source: DatabaseAccess): Promise<void> {
  const key = `godwit:probe:${randomBytes(8).toString("hex")}`;
  for (const [way, probe] of Object.entries(PROBES)) {
    const answer = await probe(client, key).then(
      () => "was accepted",
      (error: Error) => (REFUSED.test(error.message) ? null : "met another error than a refusal"),
    );
    if (answer !== null) throw fenceOpen(source, `${way} ${answer}`);
  }
}

function fenceOpen({ server }: DatabaseAccess, what: string): GodwitError {
  return new GodwitError({
    code: "fence-open",
    summary: `${server.id} could still be written to: ${what}.`,
    remedy: "Nothing was switched. Ask support to look at the server before another attempt.",
  });
}
