import { createHash } from "node:crypto";
import { BSON, type Document, type MongoClient } from "mongodb";

/** A collection or view as its server defines it. */
export interface Collection {
  readonly name: string;
  /** `collection`, `view` or `timeseries`. */
  readonly type: string;
  readonly options: Document;
  /** Definitions of the indexes besides that of `_id`; none of a view. */
  readonly indexes: readonly Document[];
}

/** Keeps each number the type that it has: a 1 that is a double stays one. */
const EXACT = { promoteValues: false, bsonRegExp: true } as const;
/** What old servers wrote into definitions, and new ones refuse or leave out. */
const OLD_OPTIONS = ["autoIndexId", "temp", "flags", "uuid"];
const OLD_INDEX_OPTIONS = ["ns", "background", "dropDups"];

function without(document: Document, names: readonly string[]): Document {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
}

async function readIndexes(client: MongoClient, database: string, name: string): Promise<Document[]> {
  const all = await client.db(database).collection(name).listIndexes(EXACT).toArray();
  return all
    .filter((index) => index["name"] !== "_id_" && index["clustered"] === undefined)
    .map((index) => without(index, OLD_INDEX_OPTIONS))
    .sort((one, other) => (String(one["name"]) < String(other["name"]) ? -1 : 1));
}

/** Collections and views of a database by name, without those that the server makes for itself. */
export async function readCollections(client: MongoClient, database: string): Promise<Collection[]> {
  const all: Document[] = await client.db(database).listCollections({}, EXACT).toArray();
  const collections: Collection[] = [];
  for (const { name, type = "collection", options = {} } of all) {
    if (name.startsWith("system.")) continue;
    const indexes = type === "collection" ? await readIndexes(client, database, name) : [];
    collections.push({ name, type, options: without(options, OLD_OPTIONS), indexes });
  }
  return collections.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A definition as text that is equal when the definitions are. */
export function written({ type, options, indexes }: Collection): string {
  return BSON.EJSON.stringify({ type, options, indexes }, { relaxed: false });
}

/** Fingerprint of all definitions. */
export function fingerprint(collections: readonly Collection[]): string {
  const text = collections.map((each) => `${each.name} ${written(each)}`).join("\n");
  return createHash("sha256").update(text).digest("hex");
}

export function isView({ type }: Collection): boolean {
  return type === "view";
}
