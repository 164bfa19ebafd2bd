import type { CatalogObject } from "./catalog-objects.ts";

/** Result of comparing two catalogs. */
export interface CatalogsCompared {
  readonly objects: number;
  /** Such as `index public.orders_pkey`. */
  readonly different: readonly string[];
  /** Objects whose printed text differs between versions though all their facts agree. */
  readonly reworded: readonly string[];
}

const keyOf = ({ kind, name }: CatalogObject): string => `${kind} ${name}`;

/** Text without what versions print differently: space, brackets, qualifiers of columns, casts. */
function normalise(printed: string): string {
  return printed
    .replace(/\s+/g, " ")
    .replace(/::[a-z_ ]+(\[\])?/gi, "")
    .replace(/\b[a-z_][a-z0-9_$]*\.|"(?:[^"]|"")*"\./gi, "")
    .replace(/[() ]/g, "")
    .toLowerCase();
}

type Likeness = "same" | "reworded" | "different";

function compare(one: CatalogObject, other: CatalogObject | undefined, isSameMajor: boolean): Likeness {
  if (other === undefined || one.exact !== other.exact) return "different";
  if (one.printed === other.printed) return "same";
  if (isSameMajor) return "different";
  if (normalise(one.printed) === normalise(other.printed)) return "same";
  // Only views are printed so differently that normalising cannot tell.
  return one.kind === "relation" || one.kind === "rule" || one.kind === "function" ? "reworded" : "different";
}

/** Compares two catalogs by definition. Objects that only the target has count as different. */
export function compareCatalogs(
  source: readonly CatalogObject[],
  target: readonly CatalogObject[],
  { isSameMajor }: { readonly isSameMajor: boolean },
): CatalogsCompared {
  const theirs = new Map(target.map((object) => [keyOf(object), object]));
  const different: string[] = [];
  const reworded: string[] = [];
  for (const object of source) {
    const likeness = compare(object, theirs.get(keyOf(object)), isSameMajor);
    if (likeness === "different") different.push(keyOf(object));
    if (likeness === "reworded") reworded.push(keyOf(object));
    theirs.delete(keyOf(object));
  }
  different.push(...theirs.keys());
  return { objects: source.length, different, reworded };
}
