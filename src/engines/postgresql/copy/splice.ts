import type { Wire } from "./wire.ts";

/** One COPY between two servers, or several in the same order on both sides. */
export interface SpliceStatements {
  /** `COPY … TO STDOUT` for the source. */
  readonly out: string;
  /** `COPY … FROM STDIN` for the target, in the same format; one transaction. */
  readonly into: string;
}

/** What COPYs moved: exact rows by the servers' own count, and payload bytes. */
export interface Spliced {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Moves rows from one server to the other without looking at them. The receiver's pace is the sender's:
 * memory stays small however large the table is. After a failure both wires are unusable.
 */
export async function splice(source: Wire, target: Wire, statements: SpliceStatements): Promise<Spliced> {
  let ready = (): void => undefined;
  const isReady = new Promise<void>((done) => (ready = done));
  const taken = target.copyIn(statements.into, () => ready());
  // The target speaks before its end only to say that it failed: then the source has to stop too.
  const stopped = taken.catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  try {
    await Promise.race([isReady, stopped]);
    await Promise.all([source.copyOut(statements.out, (frames) => target.write(frames)), stopped]);
  } catch (error) {
    target.destroy();
    source.destroy();
    await stopped.catch(() => undefined);
    throw error;
  }
  const { rows, bytes, rowsSoFar } = source;
  if (target.rows.join() === rows.join()) return { rows: rowsSoFar, bytes };
  throw new Error(`the target took ${target.rows.join()} rows of ${rows.join()}`);
}
