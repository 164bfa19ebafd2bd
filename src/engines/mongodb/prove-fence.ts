import { randomBytes } from "node:crypto";
import type { Db, Document } from "mongodb";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, FenceHold } from "../../core/ports/engine.ts";
import { UNAUTHORIZED } from "./errors.ts";
import { asAdmin, asApplication, withSession } from "./session.ts";
import { mayWrite, usersOf } from "./users.ts";

const NAME = "godwit probe";

/** Writes that would change nothing if they were let pass: the collection does not exist. */
const PROBES: Readonly<Record<string, (name: string) => Document>> = {
  "a delete": (name) => ({ delete: name, deletes: [{ q: {}, limit: 1 }] }),
  "an update": (name) => ({ update: name, updates: [{ q: {}, u: { $set: { a: 1 } } }] }),
  "a find-and-modify": (name) => ({ findAndModify: name, query: {}, remove: true }),
  "dropping a collection": (name) => ({ drop: name }),
};

/** Looks whether anybody may write, and tries to as the application in each way it could. */
export async function proveFence(
  source: DatabaseAccess,
  hold: FenceHold,
  signal: AbortSignal,
): Promise<void> {
  const { server, database } = source;
  await hold.assertAlive();
  await withSession(asAdmin(server), { name: NAME, signal }, async (client) => {
    const open = (await usersOf(client, server, database)).find((user) => mayWrite(user, database));
    if (open) throw fenceOpen(database, `its user ${open.user} may write`);
  });
  if (source.password.reveal() !== "")
    await withSession(asApplication(source), { name: NAME, signal }, (client) =>
      tryProbes(client.db(database), database),
    );
  await hold.assertAlive();
}

async function tryProbes(application: Db, database: string): Promise<void> {
  const name = `godwit_probe_${randomBytes(8).toString("hex")}`;
  for (const [way, probe] of Object.entries(PROBES)) {
    const answer = await application.command(probe(name)).then(
      () => "was accepted",
      (error: { readonly code?: unknown }) =>
        error.code === UNAUTHORIZED ? null : "met another error than a refusal",
    );
    if (answer !== null) throw fenceOpen(database, `${way} ${answer}`);
  }
}

function fenceOpen(database: string, what: string): GodwitError {
  return new GodwitError({
    code: "fence-open",
    summary: `${database} could still be written to: ${what}.`,
    remedy: "Nothing was switched. Ask support to look at the server before another attempt.",
  });
}
