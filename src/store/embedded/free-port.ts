import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Finds a loopback port that is free now; another program may take it before it is used, so be ready to retry. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
