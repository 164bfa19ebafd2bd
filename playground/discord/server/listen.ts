import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listenLocally } from "../../local/http-server.ts";
import type { World } from "../world.ts";
import { serveApi } from "./serve-api.ts";
import { serveAttachment } from "./serve-attachment.ts";

/** Starts the HTTP server on 127.0.0.1; WebSocket upgrades go to the gateway. */
export async function listen(world: World, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    serve(world, request, response).catch((error: unknown) => fail(world, response, error));
  });
  server.on("upgrade", (request, socket, head) => world.gateway.accept(request, socket, head));
  world.origin = await listenLocally(server, port);
  return server;
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "/";
  if (path.startsWith("/api/v10/")) return serveApi(world, request, response);
  if (path.startsWith("/attachments/")) return serveAttachment(world, path, response);
  response.writeHead(404).end();
}

/** A defect of the local Discord itself, or a request cut short while closing. */
function fail(world: World, response: ServerResponse, error: unknown): void {
  if (!world.closing.signal.aborted) {
    world.violations.push({ where: "local Discord", code: 0, messages: [String(error)] });
  }
  if (!response.headersSent) response.writeHead(500);
  response.end();
}
