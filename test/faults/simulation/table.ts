/** Rows by their key that can be put back as they were when a transaction began. */
export class Table<K, V> {
  readonly #rows = new Map<K, V>();
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get(key: K): V | undefined {
    return this.#rows.get(key);
  }

  has(key: K): boolean {
    return this.#rows.has(key);
  }

  set(key: K, value: V): void {
    const [had, before] = [this.#rows.has(key), this.#rows.get(key)];
    this.#journal.note(() => (had ? this.#rows.set(key, before as V) : this.#rows.delete(key)));
    this.#rows.set(key, value);
  }

  values(): V[] {
    return [...this.#rows.values()];
  }
}

/** What a transaction has changed, to be taken back. */
export class Journal {
  #undo: (() => void)[] = [];

  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  commit(): void {
    this.#undo = [];
  }

  rollBack(): void {
    for (const undo of this.#undo.toReversed()) undo();
    this.#undo = [];
  }
}
