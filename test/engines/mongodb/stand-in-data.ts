import { BSON, type Document } from "mongodb";

export interface StoredCollection {
  readonly name: string;
  readonly type: "collection" | "view";
  readonly options: Document;
  readonly indexes: Document[];
  documents: Buffer[];
}

export interface StoredUser {
  readonly user: string;
  readonly db: string;
  pwd: string;
  roles: { role: string; db: string }[];
  isShutOut: boolean;
}

/** What the stand-in holds: collections by `database.name`, users and roles. */
export interface Data {
  readonly collections: Map<string, StoredCollection>;
  users: StoredUser[];
  roles: { role: string; db: string }[];
}

export const idOf = (bytes: Buffer): string =>
  BSON.EJSON.stringify(BSON.deserialize(bytes, { promoteValues: false })["_id"], { relaxed: false });

/** The collection of a write, which makes it where there is none. */
export function ensure(data: Data, db: string, name: string, options: Document = {}): StoredCollection {
  const known = data.collections.get(`${db}.${name}`);
  if (known) return known;
  const type = options["viewOn"] === undefined ? "collection" : "view";
  const made: StoredCollection = { name, type, options, indexes: [], documents: [] };
  data.collections.set(`${db}.${name}`, made);
  return made;
}

export function collectionsOf(data: Data, db: string): StoredCollection[] {
  return [...data.collections].filter(([key]) => key.startsWith(`${db}.`)).map(([, each]) => each);
}

/** Sorts as the engine asks for: by `_id`, or as inserted. */
export function sorted({ documents }: StoredCollection, sort: Document | undefined): Buffer[] {
  if (sort?.["_id"] === undefined) return [...documents];
  const keyed = documents.map((bytes) => ({ bytes, id: idOf(bytes) }));
  return keyed.sort((one, other) => (one.id < other.id ? -1 : 1)).map(({ bytes }) => bytes);
}
