import { qualified } from "../../sql.ts";
import type { KeyValues } from "../../verify/keyed-content.ts";
import type { Change, RowKey } from "./read-changes.ts";

/** What has been changed in a table since one moment. */
export interface TableChanges {
  /** Rows that were inserted, changed or deleted, under the keys that they have and had. */
  readonly keys: ReadonlyMap<string, KeyValues>;
  /** Whether more than these rows may have changed. */
  readonly isWhole: boolean;
  /** Rows inserted less those deleted; of no use after a truncation, which makes it whole. */
  readonly delta: number;
}

interface Kept {
  readonly keys: Map<string, KeyValues>;
  characters: number;
  isWhole: boolean;
  delta: number;
}

/** What is remembered in all, in characters of keys; past that, the table with the most is held for changed as a whole. */
const CHARACTERS_KEPT = 16 * 1024 * 1024;
/** A short key takes as much memory as this many characters. */
const CHARACTERS_PER_KEY = 40;
/** No text of PostgreSQL's holds it. */
const SEPARATOR = "\u0000";

/** Nothing changed. */
export const UNCHANGED: TableChanges = { keys: new Map(), isWhole: false, delta: 0 };

/** Remembers which rows were changed, by the tables' quoted names. */
export class ChangedRows {
  readonly #tables = new Map<string, Kept>();
  #characters = 0;

  /** Number of rows remembered. */
  get count(): number {
    return [...this.#tables.values()].reduce((sum, { keys }) => sum + keys.size, 0);
  }

  get(table: string): TableChanges {
    return this.#tables.get(table) ?? UNCHANGED;
  }

  add(change: Change): void {
    if (change.kind === "truncated") {
      for (const { schema, name } of change.tables) this.#makeWhole(this.#kept(qualified(schema, name)));
      return;
    }
    const kept = this.#kept(qualified(change.table.schema, change.table.name));
    kept.delta += change.delta;
    for (const key of change.keys) this.#addKey(kept, key);
    if (this.#characters > CHARACTERS_KEPT) this.#makeWhole(this.#largest());
  }

  /** As it is now; what comes later does not change it. */
  snapshot(): (table: string) => TableChanges {
    const copy = new Map(
      [...this.#tables].map(([table, kept]) => [table, { ...kept, keys: new Map(kept.keys) }]),
    );
    return (table) => copy.get(table) ?? UNCHANGED;
  }

  #kept(table: string): Kept {
    const kept = this.#tables.get(table) ?? {
      keys: new Map<string, KeyValues>(),
      characters: 0,
      isWhole: false,
      delta: 0,
    };
    this.#tables.set(table, kept);
    return kept;
  }

  #addKey(kept: Kept, key: RowKey): void {
    if (kept.isWhole) return;
    if (key === null) return this.#makeWhole(kept);
    const text = key.join(SEPARATOR);
    if (kept.keys.has(text)) return;
    kept.keys.set(text, key);
    kept.characters += text.length + CHARACTERS_PER_KEY;
    this.#characters += text.length + CHARACTERS_PER_KEY;
  }

  #makeWhole(kept: Kept): void {
    this.#characters -= kept.characters;
    kept.isWhole = true;
    kept.characters = 0;
    kept.keys.clear();
  }

  #largest(): Kept {
    return [...this.#tables.values()].reduce((one, other) =>
      other.characters > one.characters ? other : one,
    );
  }
}
