import { randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GodwitError } from "../../core/failure.ts";
import { parseSecretKey, type SecretKey } from "../../core/secret-key.ts";

/** What the embedded database's credentials are encrypted with. */
interface EmbeddedKeys {
  /** `.godwit`. */
  readonly folder: string;
  /** The environment's, which come first. */
  readonly given: readonly SecretKey[];
}

/**
 * The environment's keys, and the one in `secret-key` beside the embedded database's data, which is made when there is
 * no other. A file keeps nobody from the data who can read the folder; it keeps passwords out of copies of the database.
 * Called by whoever holds the data's lease. Throws a `GodwitError` (`secret-key-file-damaged`).
 */
export async function embeddedKeys({
  folder,
  given,
}: EmbeddedKeys): Promise<readonly [SecretKey, ...SecretKey[]]> {
  const file = join(folder, "secret-key");
  const [first, ...others] = given;
  const text = await readFile(file, "utf8").catch(ignoreMissing);
  if (text === null) return first ? [first, ...others] : [await makeKey(file)];
  const kept = parseSecretKey(text) ?? refuse(file);
  if (!first) return [kept];
  return given.some(({ id }) => id === kept.id) ? [first, ...others] : [first, ...others, kept];
}

/** Under another name until it is complete and on the disk: a key that is lost takes the passwords with it. */
async function makeKey(file: string): Promise<SecretKey> {
  const text = `embedded:${randomBytes(32).toString("base64")}`;
  const draft = await open(`${file}.new`, "w", 0o600);
  try {
    await draft.chmod(0o600);
    await draft.writeFile(`${text}\n`);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${file}.new`, file);
  await syncFolder(dirname(file));
  return parseSecretKey(text) ?? refuse(file);
}

/** Without it a rename may be undone by a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function refuse(file: string): never {
  throw new GodwitError({
    code: "secret-key-file-damaged",
    summary: `The file ${file} holds no key.`,
    remedy: "Put the file back from a backup: the passwords in the embedded database are encrypted with it.",
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
