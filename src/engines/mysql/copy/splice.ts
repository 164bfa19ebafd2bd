import { RowEncoder } from "./encode-rows.ts";
import type { Wire } from "./wire.ts";

/** What a part of a table is read and written with. */
export interface SpliceStatements {
  readonly out: string;
  readonly into: string;
}

/** What a statement moved: exact rows, and payload bytes. */
export interface Moved {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Moves rows from one server to the other as one statement on each side. The receiver's pace is the sender's: memory
 * stays small however large the table is. After a failure both wires are unusable.
 */
export async function splice(
  source: Wire,
  target: Wire,
  { statements, watch }: { readonly statements: SpliceStatements; readonly watch: (moved: Moved) => void },
): Promise<Moved> {
  const encoder = new RowEncoder((block) => {
    if (!target.send(block)) source.pause();
  });
  watch(encoder);
  let ready = (): void => undefined;
  const isReady = new Promise<void>((done) => (ready = done));
  const taken = target.load(statements.into, () => ready());
  // The target speaks before its end only to say that it failed: then the source has to stop too.
  const stopped = taken.then(() => undefined, stopSource(source));
  try {
    await Promise.race([isReady, stopped]);
    await Promise.race([source.readRows(statements.out, encoder.row.bind(encoder)), stopped.then(never)]);
    encoder.finish();
    target.finish();
    const rows = await taken;
    if (rows === encoder.rows) return { rows, bytes: encoder.bytes };
  } catch (error) {
    target.destroy();
    source.destroy();
    await stopped.catch(() => undefined);
    throw error;
  }
  throw new Error(`the target took ${await taken} rows of ${encoder.rows}`);
}

function stopSource(source: Wire): (error: unknown) => never {
  return (error) => {
    source.destroy();
    throw error;
  };
}

/** Waits for ever: the target is done only after the source. */
function never(): Promise<void> {
  return new Promise(() => undefined);
}
