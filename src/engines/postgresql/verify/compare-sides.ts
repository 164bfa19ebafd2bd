import type { CatalogObject } from "./catalog-objects.ts";
import { type CatalogsCompared, compareCatalogs } from "./compare-catalogs.ts";

/** Kinds that may be missing on the target where its administrator is no superuser; preflight names them. */
const SUPERUSERS_KINDS = new Set([
  "event trigger",
  "publication of all tables",
  "published schema",
  "outer comment",
  "outer owner",
  "foreign server",
  "user mapping",
]);
/** Kinds of which the owner may be another one on the target. */
const OWNER_KINDS = new Set(["owner", "owner of", "outer owner"]);

const keyOf = ({ kind, name }: CatalogObject): string => `${kind} ${name}`;

/** What is compared, and on what terms. */
export interface SidesTerms {
  readonly isSameMajor: boolean;
  /** Whether the target's administrator may make everything. */
  readonly isSuperuser: boolean;
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

function mayBeMissing(object: CatalogObject, { unknownSettings, isSuperuser }: SidesTerms): boolean {
  if (!isSuperuser && SUPERUSERS_KINDS.has(object.kind)) return true;
  return object.kind === "setting" && unknownSettings.has(object.name);
}

/**
 * The target's owner may own what was somebody else's, and has then the rights that an owner has; and its
 * administrator what was another superuser's.
 */
function alignSource(
  object: CatalogObject,
  theirs: ReadonlyMap<string, CatalogObject>,
  owner: string,
): CatalogObject {
  const exact = theirs.get(keyOf(object))?.exact;
  const isTheirs = OWNER_KINDS.has(object.kind) && exact === owner;
  const isAdministrators = object.kind === "outer owner" && exact === "";
  return isTheirs || isAdministrators ? { ...object, exact } : object;
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
