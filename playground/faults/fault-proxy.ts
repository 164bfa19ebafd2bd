import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { Passage } from "./passage.ts";

/** What can be wrong with a connection, in toxiproxy's words. Times are in milliseconds. */
export interface Toxics {
  /** Each piece of data arrives so much later, give or take the jitter. */
  readonly latency?: { readonly latencyMs: number; readonly jitterMs?: number };
  /** So many thousand bytes a second. */
  readonly bandwidth?: { readonly rateKb: number };
  /** The end of a connection arrives so much later. */
  readonly slowClose?: { readonly delayMs: number };
  /** Nothing arrives, and the connection ends after this time; never with 0. */
  readonly timeout?: { readonly timeoutMs: number };
  /** Connections are reset after this time. */
  readonly resetPeer?: { readonly timeoutMs: number };
  /** Data arrives in pieces of about this size, one after another. */
  readonly slicer?: { readonly averageSize: number; readonly delayMs?: number };
  /** The connection ends after so many bytes. */
  readonly limitData?: { readonly bytes: number };
}

/** A way to a server on which things go wrong. */
export interface FaultProxy {
  readonly port: number;
  /** The URL of the server, through this proxy. */
  through(url: string): string;
  /** From now on, also on connections that are open; an empty one heals everything. */
  poison(toxics: Toxics): void;
  /** Refuses new connections and resets those that are open, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Connections that are open. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts a proxy on 127.0.0.1 before a server. */
export async function startFaultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  const passages = new Set<Passage>();
  let toxics: Toxics = {};
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const passage = new Passage(client, connect({ ...target, allowHalfOpen: true }), () => toxics);
    passages.add(passage);
    passage.onEnd(() => passages.delete(passage));
  });
  const port = await listen(server, 0);
  const cut = () => {
    for (const passage of passages) passage.reset();
  };
  return {
    port,
    through: (url) => {
      const changed = new URL(url);
      changed.hostname = "127.0.0.1";
      changed.port = String(port);
      return changed.href;
    },
    poison(next) {
      toxics = next;
      for (const passage of passages) passage.poisoned();
    },
    async down() {
      await stopListening(server);
      cut();
    },
    up: async () => void (await listen(server, port)),
    connections: () => passages.size,
    async close() {
      await stopListening(server);
      cut();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close();
    setImmediate(resolve);
  });
}
