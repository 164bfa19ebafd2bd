import { BSON, type Db, MongoClient } from "mongodb";
import type { Plan } from "../../../src/core/plan.ts";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { createMongodbEngine } from "../../../src/engines/mongodb/index.ts";
import { insertRaw } from "../../../src/engines/mongodb/raw-insert.ts";
import { asAdmin, asApplication } from "../../../src/engines/mongodb/session.ts";
import type { EngineSubject, SubjectKind } from "../../contracts/engine-subject.ts";

export const aPlan = (facts: Partial<Plan> = {}): Plan => ({
  id: "mongo-s",
  name: "S",
  engine: "mongodb",
  vcpus: 1,
  memoryBytes: 2 ** 30,
  diskBytes: 10 * 2 ** 30,
  connections: 100,
  shared: false,
  monthlyPrice: { minorUnits: 950, currency: "EUR" },
  ...facts,
});

async function connected<T>(url: URL, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url.href);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

export function asAdministrator<T>(access: DatabaseAccess, work: (db: Db) => Promise<T>): Promise<T> {
  return connected(asAdmin(access.server), (client) => work(client.db(access.database)));
}

const writing =
  (work: (db: Db) => Promise<unknown>) =>
  (access: DatabaseAccess): Promise<void> =>
    connected(asApplication(access), async (client) => void (await work(client.db(access.database))));

const WRITES: EngineSubject["writes"] = {
  "an insert": writing((db) => db.collection("writes").insertOne({ at: new Date() })),
  "an update": writing((db) =>
    db.collection("writes").updateOne({ _id: new BSON.ObjectId() }, { $set: { a: 1 } }),
  ),
  "a delete": writing((db) => db.collection("writes").deleteOne({ _id: new BSON.ObjectId() })),
  "a new index": writing((db) => db.collection("writes").createIndex({ at: 1 })),
};

/** Fields whose names are numbers, in an order that objects of JavaScript do not keep; a double and a long of 1. */
const UNORDERED = Buffer.from(
  BSON.serialize(
    new Map<string, unknown>([
      ["_id", new BSON.Int32(1)],
      ["b", new BSON.BSONSymbol("old")],
      ["2", new BSON.Double(1)],
      ["1", BSON.Long.fromNumber(1)],
    ]),
  ),
);

async function seed(db: Db, kind: SubjectKind): Promise<void> {
  if (kind === "empty") return;
  const people = Array.from({ length: 250 }, (_, index) => ({
    _id: index as never,
    name: `naïve 😀 ${index}`,
    when: new Date(index),
    data: new BSON.Binary(Buffer.from([index % 256])),
    amount: BSON.Decimal128.fromString("1.50"),
    big: BSON.Long.fromString("9007199254740993"),
  }));
  await db.createCollection("people", { validator: { name: { $type: "string" } } });
  await db.collection("people").insertMany(people);
  await db.collection("people").createIndexes([
    { key: { name: 1 }, name: "by name", unique: true },
    { key: { when: -1 }, name: "when", partialFilterExpression: { when: { $exists: true } } },
  ]);
  await insertRaw(db, `hostile "name'; 東京`, [UNORDERED]);
  await db.createCollection("adults", { viewOn: "people", pipeline: [{ $match: { name: /^a/i } }] });
  if (kind === "large") await seedLarge(db);
}

async function seedLarge(db: Db): Promise<void> {
  const padding = "x".repeat(400);
  for (let batch = 0; batch < 6; batch += 1) {
    const documents = Array.from({ length: 10_000 }, (_, index) =>
      Buffer.from(BSON.serialize({ _id: batch * 10_000 + index, padding })),
    );
    await insertRaw(db, "large", documents);
  }
}

async function content(access: DatabaseAccess): Promise<unknown> {
  return asAdministrator(access, async (db) => {
    const names = (await db.listCollections().toArray()).map(({ name, type }) => ({ name, type }));
    const all: Record<string, unknown> = {};
    for (const { name, type } of names.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (type === "view" || name.startsWith("system.")) continue;
      const documents = await db
        .collection(name)
        .find({}, { raw: true, sort: { _id: 1 } })
        .toArray();
      const bytes = (documents as unknown as Uint8Array[]).map((each) =>
        Buffer.from(each).toString("base64"),
      );
      all[name] = { bytes, indexes: (await db.collection(name).indexes()).length };
    }
    return all;
  });
}

const settings = (access: DatabaseAccess): Promise<unknown> =>
  asAdministrator(access, async (db) => {
    const { users } = await db.admin().command({ usersInfo: { forAllDBs: true } });
    const { roles } = await db.command({ rolesInfo: 1 });
    const known = (users as { user: string; db: string; roles: unknown }[]).map((each) => [
      each.user,
      each.db,
      each.roles,
    ]);
    return [known, (roles as { role: string }[]).map(({ role }) => role)];
  });

async function dropMarks(access: DatabaseAccess): Promise<void> {
  await asAdministrator(access, async (db) => {
    const { roles } = await db.command({ rolesInfo: 1 });
    for (const { role } of roles as { role: string }[]) await db.command({ dropRole: role });
  });
}

/** Names of Godwit's sessions on a server. */
const sessions = (access: DatabaseAccess): Promise<string[]> =>
  connected(asAdmin(access.server), async (client) => {
    const all = await client
      .db("admin")
      .aggregate([{ $currentOp: { allUsers: true, idleConnections: true } }])
      .toArray();
    return all.map(({ appName }) => String(appName)).filter((name) => name.startsWith("godwit"));
  });

const owned = (database: string) => [
  { role: "readWrite", db: database },
  { role: "dbAdmin", db: database },
];

let made = 0;

/** Makes what the engine contract works with, in databases of its own on two servers. */
export async function aSubject(
  urls: readonly [string, string],
  kind: SubjectKind,
  stop: () => Promise<void> = async () => undefined,
): Promise<EngineSubject> {
  made += 1;
  const access = (url: string, side: string): DatabaseAccess => ({
    server: { id: side, adminUrl: new Secret(url) },
    database: `godwit_test_${process.pid}_${made}_${side}`,
    username: `app,=%é ${side}`,
    password: new Secret(`p'w"%:@/ ${side}`),
  });
  const pair = { source: access(urls[0], "old"), target: access(urls[1], "new") };
  const engine = createMongodbEngine();
  const { source, target } = pair;
  await asAdministrator(source, async (db) => {
    await db.command({
      createUser: source.username,
      pwd: source.password.reveal(),
      roles: owned(source.database),
    });
    await seed(db, kind);
  });
  return {
    engine,
    pair,
    plan: aPlan(),
    writes: WRITES,
    read: (each) =>
      connected(
        asApplication(each),
        async (client) => void (await client.db(each.database).collection("people").findOne()),
      ),
    content,
    settings,
    weaken: (each) =>
      asAdministrator(
        each,
        async (db) => void (await db.command({ updateUser: each.username, roles: owned(each.database) })),
      ),
    turningPoints: ["indexing people"],
    changeOneRow: (each) =>
      asAdministrator(each, async (db) => {
        await db.collection("people").updateOne({ _id: 7 as never }, { $set: { name: "altered" } });
        return { table: "people", value: "altered" };
      }),
    killHolder: dropMarks,
    sessions,
    dispose: async () => {
      const signal = new AbortController().signal;
      await engine.drop(source, signal);
      await engine.drop(target, signal);
      await stop();
    },
  };
}
