import { BSON, type Document } from "mongodb";
import { type Call, type Context, type Handler, OK, refusal } from "./stand-in-call.ts";
import { collectionsOf, ensure, idOf, sorted } from "./stand-in-data.ts";
import { Scram } from "./stand-in-scram.ts";
import { ADMINISTRATION } from "./stand-in-users.ts";
import { cursorAnswer, type Request } from "./stand-in-wire.ts";

const bytesOf = (document: Document): Buffer => Buffer.from(BSON.serialize(document));

let lastCursor = 0;

function firstBatch({ peer, db, command }: Call, name: string, all: Buffer[]): Buffer {
  const size = Number(command["batchSize"] ?? command["cursor"]?.batchSize ?? 101);
  const ns = `${db}.${name}`;
  const rest = all.slice(size);
  if (rest.length === 0) return cursorAnswer("firstBatch", all, { id: BSON.Long.ZERO, ns });
  lastCursor += 1;
  peer.cursors.set(lastCursor, { rest, ns });
  return cursorAnswer("firstBatch", all.slice(0, size), { id: BSON.Long.fromNumber(lastCursor), ns });
}

const find: Handler = (call) => {
  const name = String(call.command["find"]);
  const known = call.data.collections.get(`${call.db}.${name}`);
  return firstBatch(call, name, known ? sorted(known, call.command["sort"]) : []);
};

const getMore: Handler = ({ peer, command }) => {
  const id = Number(command["getMore"]);
  const open = peer.cursors.get(id);
  if (!open) return refusal(43, "CursorNotFound");
  const batch = open.rest.splice(0, Number(command["batchSize"] ?? 1000));
  if (open.rest.length > 0)
    return cursorAnswer("nextBatch", batch, { id: BSON.Long.fromNumber(id), ns: open.ns });
  peer.cursors.delete(id);
  return cursorAnswer("nextBatch", batch, { id: BSON.Long.ZERO, ns: open.ns });
};

const insert: Handler = ({ data, db, command, documents }) => {
  const given = documents.length > 0 ? documents : (command["documents"] as Document[]).map(bytesOf);
  const collection = ensure(data, db, String(command["insert"]));
  collection.documents.push(...given);
  return { ...OK, n: given.length };
};

const EXACT = { promoteValues: false } as const;

const update: Handler = ({ data, db, command, documents }) => {
  const [given] =
    documents.length > 0 ? documents.map((each) => BSON.deserialize(each, EXACT)) : command["updates"];
  const collection = data.collections.get(`${db}.${String(command["update"])}`);
  const wanted = idOf(bytesOf(given.q));
  const at = collection?.documents.findIndex((each) => idOf(each) === wanted) ?? -1;
  const old = collection?.documents[at];
  if (!collection || !old) return { ...OK, n: 0, nModified: 0 };
  collection.documents[at] = bytesOf({ ...BSON.deserialize(old, EXACT), ...given.u.$set });
  return { ...OK, n: 1, nModified: 1 };
};

const listCollections: Handler = (call) => {
  const all = collectionsOf(call.data, call.db).map(({ name, type, options }) =>
    bytesOf({ name, type, options }),
  );
  return firstBatch(call, "$cmd.listCollections", all);
};

const listIndexes: Handler = (call) => {
  const name = String(call.command["listIndexes"]);
  const known = call.data.collections.get(`${call.db}.${name}`);
  if (!known) return refusal(26, "NamespaceNotFound");
  const own = { v: new BSON.Int32(2), key: { _id: new BSON.Int32(1) }, name: "_id_" };
  return firstBatch(call, name, [own, ...known.indexes].map(bytesOf));
};

const createIndexes: Handler = ({ data, db, command }) => {
  ensure(data, db, String(command["createIndexes"])).indexes.push(...command["indexes"]);
  return OK;
};

const NO_OPTIONS = ["create", "lsid", "$db", "$readPreference", "writeConcern"];
const create: Handler = ({ data, db, command }) => {
  const name = String(command["create"]);
  if (data.collections.has(`${db}.${name}`)) return refusal(48, "NamespaceExists");
  const given = Object.entries(command).filter(([key]) => !NO_OPTIONS.includes(key));
  ensure(data, db, name, Object.fromEntries(given));
  return OK;
};

const dropDatabase: Handler = ({ data, db }) => {
  for (const { name } of collectionsOf(data, db)) data.collections.delete(`${db}.${name}`);
  return OK;
};

const dbStats: Handler = ({ data, db }) => {
  const all = collectionsOf(data, db).filter(({ type }) => type === "collection");
  const documents = all.flatMap((each) => each.documents);
  const dataSize = documents.reduce((sum, { length }) => sum + length, 0);
  const sizes = { dataSize, storageSize: dataSize, indexSize: 0 };
  return { ...OK, collections: all.length, objects: documents.length, ...sizes };
};

const currentOp: Handler = (call) => {
  const all = call.peers.map(({ appName, user }) =>
    bytesOf({ appName, effectiveUsers: user ? [{ user: user.user, db: user.db }] : [] }),
  );
  const [wanted] = (call.command["pipeline"] as Document[]).slice(1);
  const who = wanted?.["$match"]?.effectiveUsers?.$elemMatch;
  const meant = all.filter((each) => {
    const [user] = BSON.deserialize(each)["effectiveUsers"];
    return !who || (user?.user === String(who.user) && user?.db === String(who.db));
  });
  return firstBatch(call, "$cmd.aggregate", meant);
};

const hello: Handler = ({ peer, command }) => {
  const name = command["client"]?.application?.name;
  if (name !== undefined) peer.appName = String(name);
  return {
    ...OK,
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 25,
    saslSupportedMechs: ["SCRAM-SHA-256"],
  };
};

const saslStart: Handler = ({ peer, db, command }) => {
  const scram = new Scram(Buffer.from(command["payload"].buffer).toString());
  peer.scram = { scram, db };
  return { ...OK, conversationId: 1, done: false, payload: new BSON.Binary(Buffer.from(scram.first)) };
};

const saslContinue: Handler = ({ peer, data, command }) => {
  const [login, text] = [peer.scram, Buffer.from(command["payload"].buffer).toString()];
  const user = data.users.find((each) => each.user === login?.scram.user && each.db === login.db);
  const final = user && !user.isShutOut ? login?.scram.finish(text, user.pwd) : null;
  if (!user || !final) return refusal(18, "AuthenticationFailed");
  peer.user = user;
  return { ...OK, conversationId: 1, done: true, payload: new BSON.Binary(Buffer.from(final)) };
};

const OPEN: Readonly<Record<string, Handler>> = {
  hello,
  ismaster: hello,
  isMaster: hello,
  ping: () => OK,
  saslStart,
  saslContinue,
  endSessions: () => OK,
};

const READS: Readonly<Record<string, Handler>> = {
  find,
  getMore,
  listCollections,
  listIndexes,
  dbStats,
  killCursors: () => OK,
  count: ({ data, db, command }) => ({
    ...OK,
    n: data.collections.get(`${db}.${String(command["count"])}`)?.documents.length ?? 0,
  }),
};

const WRITES: Readonly<Record<string, Handler>> = {
  insert,
  update,
  delete: () => ({ ...OK, n: 0 }),
  findAndModify: () => ({ ...OK, value: null }),
  create,
  createIndexes,
  drop: ({ data, db, command }) =>
    data.collections.delete(`${db}.${String(command["drop"])}`) ? OK : refusal(26, "NamespaceNotFound"),
  dropDatabase,
};

/** Rights are looked up anew for each command, as a server does. */
function mayDo({ data, peer, db }: Call, kind: "read" | "write" | "administer"): boolean {
  const user = data.users.find(
    ({ user: name, db: home }) => name === peer.user?.user && home === peer.user.db,
  );
  if (!user || user.isShutOut) return false;
  if (user.roles.some(({ role }) => role === "root")) return true;
  const own = user.roles.filter((role) => role.db === db);
  return kind !== "administer" && own.some(({ role }) => kind === "read" || role !== "read");
}

const ADMINISTRATORS: Readonly<Record<string, Handler>> = { ...ADMINISTRATION, aggregate: currentOp };

/** Answers a command, or refuses it. */
export function answer({ command, documents }: Request, context: Context): Document | Buffer {
  const name = Object.keys(command)[0] ?? "";
  const call: Call = { ...context, command, documents, db: String(command["$db"] ?? "admin") };
  if (OPEN[name]) return OPEN[name](call);
  for (const [kind, handlers] of [
    ["read", READS],
    ["write", WRITES],
    ["administer", ADMINISTRATORS],
  ] as const)
    if (handlers[name]) return mayDo(call, kind) ? handlers[name](call) : refusal(13, "Unauthorized");
  return refusal(59, "CommandNotFound");
}
