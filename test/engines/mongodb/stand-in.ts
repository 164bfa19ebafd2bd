import { createServer, type Socket } from "node:net";
import { BSON, type Document } from "mongodb";
import type { Peer } from "./stand-in-call.ts";
import { answer } from "./stand-in-commands.ts";
import type { Data } from "./stand-in-data.ts";
import { readMessage, writeMessage } from "./stand-in-wire.ts";

/** A stand-in for a MongoDB server, as far as the engine and its tests speak with one. */
export interface StandIn {
  readonly url: string;
  readonly data: Data;
  stop(): Promise<void>;
}

/** Starts one on a free port, with one administrator. It proves what is said on the wire, and nothing of a real server. */
export async function startStandIn(): Promise<StandIn> {
  const roles = [{ role: "root", db: "admin" }];
  const data: Data = {
    collections: new Map(),
    users: [{ user: "godwit", db: "admin", pwd: "admin p/w", roles, isShutOut: false }],
    roles: [],
  };
  const peers = new Map<Socket, Peer>();
  const server = createServer((socket) => serve(socket, data, peers));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    url: `mongodb://godwit:${encodeURIComponent("admin p/w")}@127.0.0.1:${port}/admin`,
    data,
    stop: async () => {
      for (const socket of peers.keys()) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function serve(socket: Socket, data: Data, peers: Map<Socket, Peer>): void {
  const peer: Peer = { appName: "", user: null, scram: null, cursors: new Map() };
  peers.set(socket, peer);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => peers.delete(socket));
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const message = rest.subarray(0, rest.readInt32LE(0));
      rest = rest.subarray(message.length);
      const request = readMessage(message);
      const said = answer(request, { data, peer, peers: [...peers.values()] });
      const bytes = said instanceof Buffer ? said : Buffer.from(BSON.serialize(said as Document));
      socket.write(writeMessage(request, bytes));
    }
  });
}
