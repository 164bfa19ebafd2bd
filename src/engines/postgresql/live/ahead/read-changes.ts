/** Where a table's rows were changed, as `pgoutput` tells it; values are those of the replica identity alone. */
export type Change =
  | {
      readonly kind: "row";
      readonly table: Relation;
      readonly delta: number;
      readonly keys: readonly RowKey[];
    }
  | { readonly kind: "truncated"; readonly tables: readonly Relation[] };

/** A table as a stream of changes names it. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** Values of a row's key columns in text form, in the key's order; null where the stream does not hold them. */
export type RowKey = readonly string[] | null;

const FATAL = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const DELTAS: Readonly<Record<string, number>> = { I: 1, U: 0, D: -1 };
const NULL_TERMINATOR = 0;

class Cut extends Error {}

/** Reads a message from its start; reading past its end throws `Cut`. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  letter(): string {
    return String.fromCharCode(this.#take(1).readUInt8());
  }

  int16(): number {
    return this.#take(2).readUInt16BE();
  }

  int32(): number {
    return this.#take(4).readUInt32BE();
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  text(): string {
    const end = this.#bytes.indexOf(NULL_TERMINATOR, this.#at);
    if (end < 0) throw new Cut();
    const text = FATAL.decode(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  sized(): Buffer {
    return this.#take(this.int32());
  }

  #take(bytes: number): Buffer {
    if (this.#at + bytes > this.#bytes.length) throw new Cut();
    this.#at += bytes;
    return this.#bytes.subarray(this.#at - bytes, this.#at);
  }
}

/**
 * Reads the messages of `pgoutput`, protocol version 1, in the order in which they come. A message may be cut off
 * behind its first bytes; a key that is not within them, or that is no UTF-8, is null.
 * Source: PostgreSQL documentation, "Logical Replication Message Formats".
 */
export class ChangeReader {
  readonly #relations = new Map<number, Relation>();
  readonly #keysOf: (relation: Relation) => readonly string[] | null;

  /** `keysOf` names the columns that tell a table's rows apart; null where none do. */
  constructor(keysOf: (relation: Relation) => readonly string[] | null) {
    this.#keysOf = keysOf;
  }

  /** What a message says of rows; null for those that say nothing of them. Throws for tables never described. */
  read(message: Buffer): Change | null {
    const cursor = new Cursor(message);
    const type = cursor.letter();
    if (type === "R") this.#learn(cursor);
    if (type === "T") return this.#truncated(cursor);
    const delta = DELTAS[type];
    if (delta === undefined) return null;
    const table = this.#relation(cursor.int32());
    return { kind: "row", table, delta, keys: this.#keys(cursor, table, type) };
  }

  #learn(cursor: Cursor): void {
    const id = cursor.int32();
    const [schema, name] = [cursor.text(), cursor.text()];
    cursor.skip(1);
    const columns = Array.from({ length: cursor.int16() }, () => {
      cursor.skip(1);
      const column = cursor.text();
      cursor.skip(8);
      return column;
    });
    this.#relations.set(id, { schema: schema === "" ? "pg_catalog" : schema, name, columns });
  }

  #relation(id: number): Relation {
    const known = this.#relations.get(id);
    if (known === undefined) throw new Error(`a change of relation ${id}, which was not described`);
    return known;
  }

  #truncated(cursor: Cursor): Change {
    const count = cursor.int32();
    cursor.skip(1);
    const tables = Array.from({ length: count }, () => this.#relation(cursor.int32()));
    return { kind: "truncated", tables };
  }

  /** The row's key, and the one that it had before, where that was another. */
  #keys(cursor: Cursor, table: Relation, type: string): RowKey[] {
    const wanted = this.#keysOf(table);
    if (wanted === null) return [null];
    try {
      const keys: RowKey[] = [];
      for (let isLast = false; !isLast; ) {
        // K and O: the row as it was. N: as it is, which comes last.
        isLast = cursor.letter() === "N" || type === "D";
        keys.push(readKey(cursor, table, { wanted, isLast }));
      }
      return keys;
    } catch (error) {
      if (error instanceof Cut || error instanceof TypeError) return [null];
      throw error;
    }
  }
}

/** Reads a row, the last one only as far as it is needed; null when a wanted column is not told. */
function readKey(
  cursor: Cursor,
  { columns }: Relation,
  { wanted, isLast }: { readonly wanted: readonly string[]; readonly isLast: boolean },
): RowKey {
  const values = new Map<string, string>();
  const count = cursor.int16();
  for (let place = 0; place < count; place += 1) {
    if (isLast && values.size === wanted.length) break;
    if (cursor.letter() !== "t") continue;
    const bytes = cursor.sized();
    const name = columns[place] ?? "";
    if (wanted.includes(name)) values.set(name, FATAL.decode(bytes));
  }
  return values.size === wanted.length ? wanted.map((name) => values.get(name) ?? "") : null;
}
