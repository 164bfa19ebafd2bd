import { devNull } from "node:os";
import { makeRunFolder } from "../../src/store/embedded/owned-files.ts";
import { supervise } from "../../src/store/embedded/supervise.ts";

/** A temporary folder that goes away with this process, even when the process is killed. */
export interface GuardedFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes a temporary folder for the files of a demo or a test. */
export async function makeGuardedFolder(label: string): Promise<GuardedFolder> {
  const path = await makeRunFolder(label, undefined);
  const guard = supervise({ runFolder: path, logFile: devNull, stopSignals: [] });
  return { path, remove: () => guard.end() };
}
