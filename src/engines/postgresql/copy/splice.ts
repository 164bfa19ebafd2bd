import type { Wire } from "./wire.ts";

/** One COPY between two servers. */
export interface SpliceStatements {
  /** `COPY … TO STDOUT` for the source. */
  readonly out: string;
  /** `COPY … FROM STDIN` for the target, in the same format. */
  readonly into: string;
}

/** What a COPY moved: exact rows by the servers' own count, and payload bytes. */
export interface Spliced {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Moves rows from one server to the other without looking at them. The receiver's pace is the sender's:
 * memory stays small however large the table is. After a failure both wires are unusable.
 */
export async function splice(source: Wire, target: Wire, statements: SpliceStatements): Promise<Spliced> {
  await target.startCopyIn(statements.into);
  // The target speaks before its end only to say that it failed: then the source has to stop too.
  const ended = target.copyInOver();
  const failed = ended.catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  try {
    await Promise.race([
      source.copyOut(statements.out, (frames) => target.write(frames)),
      failed.then(noEnd),
    ]);
  } catch (error) {
    target.destroy();
    source.destroy();
    await failed.catch(() => undefined);
    throw error;
  }
  const { rows, bytes } = source;
  target.endCopyIn();
  await failed;
  if (target.rows !== rows) throw new Error(`the target took ${target.rows} rows of ${rows}`);
  return { rows, bytes };
}

function noEnd(): never {
  throw new Error("the target ended a COPY early");
}
