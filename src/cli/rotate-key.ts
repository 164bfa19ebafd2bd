import { join } from "node:path";
import { loadEnvironment } from "../config.ts";
import { createLog } from "../log.ts";
import { type OpenDatabase, openDatabase } from "../store/open-database.ts";
import { secretUnreadable } from "../store/secrets/problems.ts";
import { type Rotation, rotateSecrets } from "../store/secrets/rotate-secrets.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { BadInput } from "./usage.ts";

/** `godwit rotate-key`: encrypts every stored password with the first key. Safe while workers run, and after a kill. */
export async function rotateKey(args: readonly string[]): Promise<ExitCode> {
  if (args.length > 0)
    throw new BadInput("godwit rotate-key takes nothing more; keys come from the environment.");
  const { databaseUrl: url, secretKeys } = loadEnvironment(process.env);
  const embeddedFolder = join(process.cwd(), ".godwit");
  const database = await openDatabase({ url, secretKeys, embeddedFolder, log: createLog("error") });
  try {
    return await rotate(database);
  } finally {
    await database.pool.end();
    await database.close();
  }
}

async function rotate({ pool, keyring }: OpenDatabase): Promise<ExitCode> {
  const rotation = await rotateSecrets(pool, keyring);
  for (const line of linesOf(rotation, keyring.ids[0])) console.log(line);
  const [ref] = rotation.unreadable;
  if (ref === undefined) return EXIT.done;
  throw secretUnreadable(rotation.unreadable.join(", "));
}

function linesOf({ rotated, unused }: Rotation, keyId: string): string[] {
  const passwords = rotated === 1 ? "1 stored password was" : `${rotated} stored passwords were`;
  const done = `${passwords} encrypted anew with key ${keyId}.`;
  if (unused.length === 0) return [done];
  const verb = unused.length === 1 ? "encrypts" : "encrypt";
  return [
    done,
    `${unused.join(", ")} ${verb} nothing any more; take it out once every process runs with ${keyId} first, and keep it as long as backups from before the rotation.`,
  ];
}
