import type { CatalogObject } from "./catalog-objects.ts";
import { type CatalogsCompared, compareCatalogs } from "./compare-catalogs.ts";

/** Kinds that may be missing on the target, where only a superuser may make them; preflight names them. */
const MAY_BE_MISSING = new Set(["event trigger", "publication", "outer comment", "large object's right"]);

const keyOf = ({ kind, name }: CatalogObject): string => `${kind} ${name}`;

/** What is compared, and on what terms. */
export interface SidesTerms {
  readonly isSameMajor: boolean;
  /** Owner of the target, who also gets what belonged to others. */
  readonly owner: string;
  /** Settings that the target's version does not have. */
  readonly unknownSettings: ReadonlySet<string>;
}

/** Result of comparing all definitions, rights and settings. */
export interface SidesCompared extends CatalogsCompared {
  /** Such as `event trigger audit`: on the source only, and known not to be carried over. */
  readonly notCarried: readonly string[];
}

function mayBeMissing(object: CatalogObject, { unknownSettings }: SidesTerms): boolean {
  if (MAY_BE_MISSING.has(object.kind)) return true;
  return object.kind === "setting" && unknownSettings.has(object.name);
}

/** The target's owner may own what was somebody else's, and has then the rights that an owner has. */
function alignSource(
  object: CatalogObject,
  theirs: ReadonlyMap<string, CatalogObject>,
  owner: string,
): CatalogObject {
  const isTheirs = object.kind === "owner" && theirs.get(keyOf(object))?.exact === owner;
  return isTheirs ? { ...object, exact: owner } : object;
}

/** Compares everything that is defined on the two sides. */
export function compareSides(
  source: readonly CatalogObject[],
  target: readonly CatalogObject[],
  terms: SidesTerms,
): SidesCompared {
  const ours = new Map(source.map((object) => [keyOf(object), object]));
  const theirs = new Map(target.map((object) => [keyOf(object), object]));
  const isMissing = (object: CatalogObject): boolean =>
    mayBeMissing(object, terms) && !theirs.has(keyOf(object));
  const isInherited = (object: CatalogObject): boolean =>
    object.kind === "owner's right" && !ours.has(keyOf(object));
  const compared = compareCatalogs(
    source.filter((object) => !isMissing(object)).map((each) => alignSource(each, theirs, terms.owner)),
    target.filter((object) => !isInherited(object)),
    terms,
  );
  return { ...compared, notCarried: source.filter(isMissing).map(keyOf) };
}
