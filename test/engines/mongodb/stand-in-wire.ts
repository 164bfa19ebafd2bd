import { BSON, type Document } from "mongodb";

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/** A command as it came, with the documents of its sequence as bytes. */
export interface Request {
  readonly id: number;
  readonly isLegacy: boolean;
  readonly command: Document;
  readonly documents: readonly Buffer[];
}

const exact = (bytes: Buffer): Document =>
  BSON.deserialize(bytes, { promoteValues: false, bsonRegExp: true });

/** Reads a whole message. Source: MongoDB's wire protocol, OP_MSG; OP_QUERY comes in the first hello alone. */
export function readMessage(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_QUERY) {
    const start = message.indexOf(0, 20) + 9;
    const length = message.readInt32LE(start);
    const command = exact(message.subarray(start, start + length));
    return { id, isLegacy: true, command, documents: [] };
  }
  if (opcode !== OP_MSG) throw new Error(`no such operation: ${opcode}`);
  return { id, isLegacy: false, ...readSections(message) };
}

function readSections(message: Buffer): Pick<Request, "command" | "documents"> {
  const documents: Buffer[] = [];
  let command: Document = {};
  for (let at = 20; at < message.length; ) {
    const size = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + size);
    if (message[at] === 0) command = exact(section);
    else documents.push(...readSequence(section));
    at += 1 + size;
  }
  return { command, documents };
}

function readSequence(section: Buffer): Buffer[] {
  const documents: Buffer[] = [];
  for (let at = section.indexOf(0, 4) + 1; at < section.length; ) {
    const size = section.readInt32LE(at);
    documents.push(Buffer.from(section.subarray(at, at + size)));
    at += size;
  }
  return documents;
}

/** An answer to a request; `bytes` is its body. */
export function writeMessage({ id, isLegacy }: Request, bytes: Buffer): Buffer {
  const head = Buffer.alloc(isLegacy ? 36 : 21);
  head.writeInt32LE(head.length + bytes.length, 0);
  head.writeInt32LE(id, 8);
  head.writeInt32LE(isLegacy ? OP_REPLY : OP_MSG, 12);
  if (isLegacy) head.writeInt32LE(1, 32);
  return Buffer.concat([head, bytes]);
}

function element(type: number, name: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), bytes]);
}

function documentOf(parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 5);
  return Buffer.concat([length, body, Buffer.from([0])]);
}

const inside = (document: Document): Buffer => Buffer.from(BSON.serialize(document)).subarray(4, -1);

/** The answer of a cursor, with its documents as the bytes that they are. */
export function cursorAnswer(
  field: "firstBatch" | "nextBatch",
  documents: readonly Buffer[],
  { id, ns }: { readonly id: BSON.Long; readonly ns: string },
): Buffer {
  const batch = documentOf(documents.map((bytes, index) => element(3, String(index), bytes)));
  const cursor = documentOf([element(4, field, batch), inside({ id, ns })]);
  return documentOf([element(3, "cursor", cursor), inside({ ok: 1 })]);
}
