/** What an engine's people count, in lower case and the singular; an `s` makes the plural. */
export interface Units {
  /** What holds items: `table`. */
  readonly container: string;
  /** What is copied: `row`. */
  readonly item: string;
  /** What gives numbers and is compared by its state: `sequence`; null where there is no such thing. */
  readonly counter: string | null;
  /** What is compared by its definition: `object`. */
  readonly definition: string;
}

/** What relational databases count; also meant where nothing is said. */
export const RELATIONAL: Units = {
  container: "table",
  item: "row",
  counter: "sequence",
  definition: "object",
};
