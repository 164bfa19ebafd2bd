import { BSON, type Document } from "mongodb";
import type { Data, StoredUser } from "./stand-in-data.ts";
import type { Scram } from "./stand-in-scram.ts";

/** Who speaks over one connection. */
export interface Peer {
  appName: string;
  user: StoredUser | null;
  scram: { readonly scram: Scram; readonly db: string } | null;
  readonly cursors: Map<number, { rest: Buffer[]; readonly ns: string }>;
}

export interface Context {
  readonly data: Data;
  readonly peer: Peer;
  readonly peers: readonly Peer[];
}

export interface Call extends Context {
  readonly db: string;
  readonly command: Document;
  readonly documents: readonly Buffer[];
}

export type Handler = (call: Call) => Document | Buffer;

export const OK = { ok: 1 };
export const refusal = (code: number, codeName: string): Document => ({
  ok: 0,
  code,
  codeName,
  errmsg: codeName,
});
export const plain = (document: unknown): Document =>
  BSON.deserialize(BSON.serialize({ document }))["document"];
