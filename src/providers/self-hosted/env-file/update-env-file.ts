import { Buffer, isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { type FileHandle, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { crashPoint } from "../../../core/crash-point.ts";
import { GodwitError } from "../../../core/failure.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import { setVariables } from "./edit-env-text.ts";
import { type EnvFile, type EnvFileProblem, inspectEnvFile } from "./inspect-env-file.ts";

/** Age at which a half-written file is taken for the leftover of a process that died. */
const STALE_MS = 10_000;
const WAIT_MS = 50;

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Sets variables in an application's env file. Readers see the old file or the new one, never a part: the
 * new one is written beside it, synced, and takes its place with the same mode and owner. Returns whether
 * the file changed. Throws a `GodwitError` (`env-file-…`).
 */
export async function updateEnvFile(
  path: string,
  values: Readonly<Record<string, string>>,
  waiting: Waiting,
): Promise<boolean> {
  const file = await inspectEnvFile(path);
  if ("check" in file) throw notWritable(path, file);
  const draft = join(dirname(file.path), `.${basename(file.path)}.godwit`);
  const handle = await openDraft(draft, waiting);
  try {
    const before = await readFile(file.path);
    const after = setInBytes(before, values);
    const isSame = after.equals(before);
    if (!isSame) await writeDraft(handle, after, file);
    crashPoint("env file: written");
    await (isSame ? unlink(draft) : rename(draft, file.path));
    await syncFolder(dirname(file.path));
    return !isSame;
  } catch (error) {
    await unlink(draft).catch(ignoreMissing);
    throw error;
  } finally {
    await handle.close();
  }
}

/** A file that is not UTF-8 is taken byte for byte, so that nobody's comment in Latin-1 becomes something else. */
function setInBytes(before: Buffer, values: Readonly<Record<string, string>>): Buffer {
  if (isUtf8(before)) return Buffer.from(setVariables(before.toString("utf8"), values), "utf8");
  const inBytes = Object.entries(values).map(([name, value]) => [
    name,
    Buffer.from(value).toString("latin1"),
  ]);
  const after = setVariables(
    before.toString("latin1"),
    Object.fromEntries(inBytes) as Record<string, string>,
  );
  return Buffer.from(after, "latin1");
}

/** Only one process can create the draft, so it is also the lock for reading, changing and replacing the file. */
async function openDraft(draft: string, { clock, signal }: Waiting): Promise<FileHandle> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await open(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const age = await stat(draft).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await unlink(draft).catch(ignoreMissing);
    else await clock.sleep(WAIT_MS, signal);
  }
}

async function writeDraft(handle: FileHandle, bytes: Buffer, { mode, uid, gid }: EnvFile): Promise<void> {
  await handle.writeFile(bytes);
  await handle.chown(uid, gid);
  await handle.chmod(mode);
  await handle.sync();
}

/** Makes the rename survive a power failure. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function notWritable(path: string, problem: EnvFileProblem): GodwitError {
  return new GodwitError({
    code: problem.check,
    summary: `The env file ${basename(path)} ${problem.what}.`,
    remedy: problem.remedy,
  });
}
