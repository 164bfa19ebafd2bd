import type { Units } from "./units.ts";

/** What was compared between the old and the new database, and that it was equal. */
export interface Proof {
  /** What the counts are of; absent: what relational databases count. */
  readonly units?: Units;
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  /** Tables whose content was compared by two order-free hashes besides the row count. */
  readonly hashedTables: number;
  readonly sequences: number;
  /** Catalog objects (indexes, constraints, views, functions, triggers…) compared by definition. */
  readonly objects: number;
  readonly milliseconds: number;
  /** Whole sentence for each thing that could not be compared, and why. */
  readonly notVerified: readonly string[];
}
